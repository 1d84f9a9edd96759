"""Words of the interface that are fixed: the glossary, what must not be said instead, and how loans are written in Cyrillic."""

import re
from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Term(NamedTuple):
    """One thing, one word. A message that consists of `en` alone must be translated by exactly these."""

    en: str
    ru: str
    uz_Latn: str
    uz_Cyrl: str


GLOSSARY = (
    Term("Request", "Обращение", "Murojaat", "Мурожаат"),
    Term("Requests", "Обращения", "Murojaatlar", "Мурожаатлар"),
    Term("Chat", "Чат", "Chat", "Чат"),
    Term("Chats", "Чаты", "Chatlar", "Чатлар"),
    Term("Queue", "Очередь", "Navbat", "Навбат"),
    Term("Topic", "Тематика", "Mavzu", "Мавзу"),
    Term("Topics", "Тематики", "Mavzular", "Мавзулар"),
    Term("Break", "Перерыв", "Tanaffus", "Танаффус"),
    Term("Finish", "Завершить", "Yakunlash", "Якунлаш"),
    Term("Blacklist", "Чёрный список", "Qora roʻyxat", "Қора рўйхат"),
    Term("Rating", "Оценка", "Baho", "Баҳо"),
    Term("Verification", "Верификация", "Verifikatsiya", "Верификация"),
    Term("Client", "Клиент", "Mijoz", "Мижоз"),
    Term("Clients", "Клиенты", "Mijozlar", "Мижозлар"),
    Term("Operator", "Оператор", "Operator", "Оператор"),
    Term("Operators", "Операторы", "Operatorlar", "Операторлар"),
    Term("Supervisor", "Супервайзер", "Supervayzer", "Супервайзер"),
    Term("Administrator", "Администратор", "Administrator", "Администратор"),
    Term("Template", "Шаблон", "Shablon", "Шаблон"),
    Term("Templates", "Шаблоны", "Shablonlar", "Шаблонлар"),
    Term("Sign in", "Войти", "Kirish", "Кириш"),
    Term("Sign out", "Выйти", "Chiqish", "Чиқиш"),
    Term("Password", "Пароль", "Parol", "Пароль"),
    Term("Settings", "Настройки", "Sozlamalar", "Созламалар"),
    Term("Journal", "Журнал действий", "Harakatlar jurnali", "Ҳаракатлар журнали"),
    Term("Role", "Роль", "Rol", "Роль"),
    Term("Roles", "Роли", "Rollar", "Роллар"),
    Term("Group", "Группа", "Guruh", "Гуруҳ"),
    Term("Groups", "Группы", "Guruhlar", "Гуруҳлар"),
)

# A regular expression of what is not said here, and what is said instead.
FORBIDDEN = {
    "ru": {
        r"\bдиалог": "чат",
        r"\bбесед": "чат",
        r"\bтикет": "обращение",
        r"ч[её]рн\w+ лист|черн\w+ спис": "чёрный список",
        r"\bрейтинг": "оценка",
        r"\bюзер": "пользователь",
    },
    "uz_Latn": {
        r"\bsuhbat": "chat",
        r"\bdialog": "chat",
        r"\bochered": "navbat",
        r"\btematika": "mavzu",
        r"\bklient": "mijoz",
        r"\btugatish\b": "yakunlash",
        r"\breyting": "baho",
        r"\bidentifikatsiya": "verifikatsiya",
    },
    "uz_Cyrl": {
        r"\bсуҳбат": "чат",
        r"\bдиалог": "чат",
        r"\bочеред": "навбат",
        r"\bтематика": "мавзу",
        r"\bклиент": "мижоз",
        r"\bтугатиш\b": "якунлаш",
        r"\bрейтинг": "баҳо",
        r"\bидентификация": "верификация",
    },
}
BRANDS = _words(
    """Muloqot Telegram Instagram Facebook Messenger WhatsApp Viber Meta Apple Google Microsoft Yandex Humo Uzcard Visa
    Mastercard UnionPay Windows Linux Debian Ubuntu Android iOS macOS Chrome Firefox Edge Safari Opera Excel Outlook
    PostgreSQL Redis Prometheus Asterisk"""
)
KEYS = _words("Ctrl Alt Shift Enter Esc Tab Del Delete Home End Space Backspace PageUp PageDown Cmd Caps Lock")
ACRONYMS = _words(
    """SMS PIN API CSV XLSX XLS DOCX PDF PNG JPG JPEG GIF WEBP MP4 OGG HTML HTTP HTTPS URL JSON XML YAML ID IP CRM LDAP
    SSO OIDC SAML TLS SSL SMTP IMAP TOTP QR VIP KPI SLA AHT FCR CSI CSAT NPS CPU RAM DNS SIP UTC ZIP UUID WebP
    WebSocket OAuth WebView IPv4 IPv6 PEM RSA HS256 RS256 BotFather csv xlsx pdf png jpg jpeg gif webp mp4 ogg json xml"""
)
LITERALS = _words("admin root super site ru under")
# Stay in Latin letters in every script; names may take endings, in the text's own alphabet (Telegramга).
NAMES = BRANDS | ACRONYMS
UNTOUCHED = NAMES | KEYS | LITERALS

# What a transliterator would destroy: printf and brace placeholders, tags, entities, addresses, commands, Roman numbers.
MASK = re.compile(
    r"""(
      %\(\w+\)[-+#0 ]*[\d.]*[a-zA-Z] | %% | %[sd]
    | \$?\{[^{}]*\}
    | </?[A-Za-z][^<>]*> | &\#?\w+;
    | (?:https?://|www\.)[^\s<>"“”]* | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ | \b[\w-]+(?:\.[\w-]+)+ | \#[0-9a-fA-F]{3,8}\b
    | \b[0-9a-f]{1,4}:[0-9a-f]{0,4}:[0-9a-f:]*
    | \b(?:Ctrl|Alt|Shift|Cmd)\+\w+ | \b(?:bin|var|etc)/[\w./-]+ | \b[A-Z]+(?:_[A-Z]+)+\b
    | \b(?=[IVXL]+\b)(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b
    )""",
    re.VERBOSE,
)

# Loans that no rule and no library spells right; a final soft sign falls off before an ending (апрелдан, роли).
LOANS = {
    # months
    "yanvar": "январь",
    "fevral": "февраль",
    "aprel": "апрель",
    "iyun": "июнь",
    "iyul": "июль",
    "sentabr": "сентябрь",
    "oktabr": "октябрь",
    "noyabr": "ноябрь",
    "dekabr": "декабрь",
    # soft sign at the end
    "rol": "роль",
    "parol": "пароль",
    "panel": "панель",
    "profil": "профиль",
    "model": "модель",
    "modul": "модуль",
    "kalendar": "календарь",
    "detal": "деталь",
    "kanal": "канал",
    "signal": "сигнал",
    "nol": "ноль",
    "tunnel": "туннель",
    # soft sign inside
    "albom": "альбом",
    "alternativ": "альтернатив",
    "aktual": "актуал",
    "filtr": "фильтр",
    "film": "фильм",
    "pult": "пульт",
    "ultra": "ультра",
    "kultura": "культура",
    "multimedia": "мультимедиа",
    "obyekt": "объект",
    "subyekt": "субъект",
    "intervyu": "интервью",
    "kompyuter": "компьютер",
    "kuryer": "курьер",
    "premyera": "премьера",
    # ц
    "aksiya": "акция",
    "litsenziya": "лицензия",
    "litsey": "лицей",
    "konsepsiya": "концепция",
    "konferensiya": "конференция",
    "kompetensiya": "компетенция",
    "potensial": "потенциал",
    "sertifikatsiya": "сертификация",
    "sirkulyatsiya": "циркуляция",
    "sikl": "цикл",
    "senzura": "цензура",
    "sitata": "цитата",
    "sifra": "цифра",
    "jarayon": "жараён",
    "markaz": "марказ",
    "valuta": "валюта",
    "absolyut": "абсолют",
    "byudjet": "бюджет",
    "byulleten": "бюллетень",
    # the library reads a shorter loan inside these
    "pul": "пул",
    "rolik": "ролик",
    "emoji": "эмодзи",
    "billing": "биллинг",
    "losin": "лосин",
    "bilan": "билан",
    # Е after a consonant and Э at the start are the library's; these loans differ
    "poyezd": "поезд",
    "loyiha": "лойиҳа",
    "isʼhoq": "исҳоқ",
    "asʼhob": "асҳоб",
    "qatʼiy": "қатъий",
    "qitʼa": "қитъа",
    "shuʼla": "шуъла",
}

# Endings that may follow a loan or a brand; anything else means that the word only begins alike (rol, rolik).
ENDINGS = _words(
    """lar ning ni ga ka qa da dan dagi gacha gi cha si i im ing ngiz ingiz imiz miz m ng siz li lik lash lashtir
    lan la chi dir mi sh ish ash di ti gan yapti moqda moq mas adi ydi ib b roq sifat dek day"""
)
