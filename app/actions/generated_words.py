"""What invented clients and operators say, by language and topic."""

import random

LANGUAGES = ("ru", "uz_Latn", "uz_Cyrl")
TOPICS = ("card", "transfer", "loan", "deposit", "app")

_FIRST = ("Дилшод", "Нодира", "Jasur", "Malika", "Сергей", "Гулнора", "Otabek", "Zilola", "Ирина", "Шерзод")
_LAST = ("Рахимов", "Каримова", "Toshev", "Yusupova", "Ким", "Саидова", "Aliyev", "Nazarova", "Петрова", "Умаров")

_ASKED = {
    "ru": {
        "card": "Здравствуйте, карта заблокирована после трёх неверных ПИН-кодов. Как её разблокировать?",
        "transfer": "Перевёл деньги на другую карту, списались, но не дошли. Прошло уже два часа.",
        "loan": "Хочу узнать, какой остаток по кредиту и можно ли погасить досрочно без комиссии.",
        "deposit": "Какая сейчас ставка по вкладу в сумах на год и можно ли пополнять?",
        "app": "Приложение не открывается после обновления, пишет «нет соединения».",
    },
    "uz_Latn": {
        "card": "Assalomu alaykum, kartam bloklanib qoldi, PIN kodni uch marta xato terdim. Nima qilsam boʻladi?",
        "transfer": "Boshqa kartaga pul oʻtkazdim, hisobimdan yechildi, lekin yetib bormadi.",
        "loan": "Kreditim boʻyicha qoldiq qancha va muddatidan oldin yopsam boʻladimi?",
        "deposit": "Bir yillik soʻm omonatining foizi qancha, toʻldirib borsa boʻladimi?",
        "app": "Ilova yangilangandan keyin ochilmayapti, «aloqa yoʻq» deb yozyapti.",
    },
    "uz_Cyrl": {
        "card": "Ассалому алайкум, картам блокланиб қолди, ПИН-кодни уч марта хато тердим. Нима қилсам бўлади?",
        "transfer": "Бошқа картага пул ўтказдим, ҳисобимдан ечилди, лекин етиб бормади.",
        "loan": "Кредитим бўйича қолдиқ қанча ва муддатидан олдин ёпсам бўладими?",
        "deposit": "Бир йиллик сўм омонатининг фоизи қанча, тўлдириб борса бўладими?",
        "app": "Илова янгилангандан кейин очилмаяпти, «алоқа йўқ» деб ёзяпти.",
    },
}
_MORE = {
    "ru": ("Да, это моя карта.", "Спасибо, сейчас проверю.", "А сколько это займёт времени?", "Хорошо, жду."),
    "uz_Latn": ("Ha, bu mening kartam.", "Rahmat, hozir tekshiraman.", "Bu qancha vaqt oladi?", "Xoʻp, kutaman."),
    "uz_Cyrl": ("Ҳа, бу менинг картам.", "Раҳмат, ҳозир текшираман.", "Бу қанча вақт олади?", "Хўп, кутаман."),
}
_ANSWERED = {
    "ru": ("Здравствуйте! Сейчас посмотрю и отвечу вам.", "Проверил: всё в порядке, деньги поступят в течение часа.",
           "Обычно это занимает до одного рабочего дня.", "Могу ли я ещё чем-нибудь помочь?"),
    "uz_Latn": ("Assalomu alaykum! Hozir koʻrib, javob beraman.", "Tekshirdim: pul bir soat ichida tushadi.",
                "Odatda bu bir ish kunigacha vaqt oladi.", "Yana qanday yordam bera olaman?"),
    "uz_Cyrl": ("Ассалому алайкум! Ҳозир кўриб, жавоб бераман.", "Текширдим: пул бир соат ичида тушади.",
                "Одатда бу бир иш кунигача вақт олади.", "Яна қандай ёрдам бера оламан?"),
}  # fmt: skip


def name(number: int) -> str:
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[number // len(_FIRST) % len(_LAST)]}"


def asked(chance: random.Random, language: str, topic: str, turn: int) -> str:
    return _ASKED[language][topic] if turn == 0 else chance.choice(_MORE[language])


def answered(chance: random.Random, language: str, topic: str, turn: int) -> str:
    return _ANSWERED[language][0] if turn == 0 else chance.choice(_ANSWERED[language][1:])
