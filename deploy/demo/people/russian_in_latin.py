"""Clients who write Russian in Latin letters, as many do from an Uzbek keyboard."""

from deploy.demo.story import Person, Photo, Story

RUSSIAN_IN_LATIN = (
    Person(
        6_000_000_004,
        "Otabek",
        "",
        "ru",
        "allo est kto nibud?",
        (
            Story(
                ("zdravstvuyte ne mogu zayti v prilojenie, pishet oshibka", Photo("vot skrin", "screen")),
                ("parol pravilniy tochno, vchera zahodil", "udalil i zanovo postavil, seychas poprobuyu"),
                "o vse zarabotalo, spasibo bolshoe!",
                "app_help",
            ),
            Story(
                ("dobriy den, gde v prilojenii posmotret rekviziti scheta? na rabote prosyat dlya zarplati",),
                ("nashel. a spravku s pechatyu mojno poluchit?",),
                "ponyatno, spasibo",
            ),
        ),
        "otabek_tash",
    ),
    Person(
        6_000_000_005,
        "Bekzod",
        "R.",
        "uz",
        "vi tut?",
        (
            Story(
                ("salom aleykum, skajite kakoy limit na perevodi v den?",),
                (
                    "a mojno uvelichit? nado 50 mln otpravit za mashinu",
                    "ok zavtra pridu s pasportom, do skolki rabotaete?",
                ),
                "ponyal, rahmat",
            ),
            Story(
                (
                    "karta ne rabotaet v turcii, pochemu? ya je preduprejdal chto edu",
                    "stoyu na kasse, pomogite pojaluysta",
                ),
                ("da, 4 poslednie cifri 7731", "seychas poprobuyu eshe raz"),
                "proshlo! spasibo chto bistro",
            ),
        ),
    ),
)
