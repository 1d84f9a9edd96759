"""Clients who write in Uzbek, Latin script, with every kind of apostrophe."""

from deploy.demo.story import Fix, Person, Photo, Pin, Story, Voice

UZBEK_LATIN = (
    Person(
        6_000_000_006,
        "Jasur",
        "Toʻxtayev",
        "uz",
        "Javob bormi?",
        (
            Story(
                (
                    "Assalomu alaykum! Kecha kechqurun akamga 2 mln soʻm oʻtkazgandim, haligacha tushmadi",
                    "mendan yechilgan, unga bormagan",
                ),
                ("Soat 21:40 larda boʻlgan edi", Photo("mana skrinshot", "screen")),
                "Hozir tushibdi, katta rahmat!",
            ),
            Story(
                ("Salom, bugun dollar kursi qancha? Sotmoqchi edim",),
                ("Ilovadan almashtirsam boʻladimi yoki filialga borish kerakmi?",),
                "Tushunarli, rahmat",
            ),
        ),
        "jasur_t",
    ),
    Person(
        6_000_000_007,
        "Malika",
        "Rahmonova",
        "uz",
        "Assalomu alaykum, meni koʻryapsizmi?",
        (
            Story(
                ("Assalomu alaykum, ilovaga kira olmayapman. SMS kod kelmayapti", Voice(6)),
                (
                    "Raqamim oʻzgarmagan, 3 yildan beri shu",
                    Fix("Raqamim oʻzgarmagan, 5 yildan beri shu raqam"),
                    "Telefonni oʻchirib yoqdim, hozir kod keldi!",
                ),
                "Kirdim, katta rahmat sizga 😊",
                "app_help",
            ),
            Story(
                (
                    "Yangi telefon oldim. Eskisidagi ilovani oʻchirib tashlashim kerakmi?",
                    "Unda kartalarim saqlangan edi",
                ),
                ("Eski telefonni singlimga beraman, xavfsiz boʻlsin deb soʻrayapman",),
                "Hammasini tushundim, rahmat",
            ),
        ),
    ),
    Person(
        6_000_000_008,
        "Gulnora",
        "Saidova",
        "ru",
        "Kutib turibman",
        (
            Story(
                ("Assalomu alaykum, o'g'limga bolalar kartasi ochmoqchiman, 12 yoshda. Qanday hujjatlar kerak?",),
                (
                    "Tug'ilganlik guvohnomasi bor, ID kartasi hali yo'q",
                    "Qaysi filialga borsam bo'ladi? Men shu yerda turaman",
                    Pin(41.3645, 69.2887),
                ),
                "Xo'p bo'ladi, ertaga boramiz. Rahmat!",
                "site_kids",
            ),
            Story(
                ("Svet uchun to'lovni ikki marta qilib yuboribman", "bittasini qaytarsa bo'ladimi?"),
                ("185 ming so'mdan, ikkalasi ham bugun ertalab", Photo("cheki shu")),
                "Yaxshi, ariza yozaman. Rahmat",
            ),
        ),
        "gulnora_s",
    ),
    Person(
        6_000_000_009,
        "Akmal",
        "Yoʻldoshev",
        "uz",
        "Operator bormi?",
        (
            Story(
                ("Assalomu alaykum. Avtokredit boʻyicha soʻramoqchi edim, boshlangʻich toʻlov necha foiz?",),
                ("Rasmiy ishlayman, oyligim 9 mln atrofida", "Muddati koʻpi bilan necha yil?"),
                "Rahmat, oʻylab koʻrib filialga boraman",
                "site_auto",
            ),
            Story(
                ("Eng yaqin bankomat qayerda? Naqd pul kerak edi", Pin(41.2995, 69.2401)),
                ("U yerda 24 soat ishlaydimi?",),
                "Topdim, rahmat",
            ),
        ),
    ),
)
