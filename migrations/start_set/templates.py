"""Templates that a bank's operators begin with. Words in braces are filled in when one is chosen."""

from migrations.start_set.named import named

_TALK = named("Разговор", "Suhbat odobi", "Суҳбат одоби", "Conversation")
_CHECK = named("Проверка", "Tekshirish", "Текшириш", "Checking")
_CARDS = named("Карты", "Kartalar", "Карталар", "Cards")


def _template(folder: dict[str, str], names: dict[str, str], texts: dict[str, str]) -> dict[str, dict[str, str]]:
    return {"names": names, "folder": folder, "texts": texts}


TEMPLATES = [
    _template(
        _TALK,
        named("Приветствие", "Salomlashish", "Саломлашиш", "Greeting"),
        named(
            "Здравствуйте, {client.name}! Меня зовут {operator.name}, {bank.name}. Чем могу помочь?",
            "Assalomu alaykum, {client.name}! Mening ismim {operator.name}, {bank.name}. Sizga qanday yordam bera olaman?",
            "Ассалому алайкум, {client.name}! Менинг исмим {operator.name}, {bank.name}. Сизга қандай ёрдам бера оламан?",
            "Hello, {client.name}! My name is {operator.name}, {bank.name}. How can I help you?",
        ),
    ),
    _template(
        _TALK,
        named("Минуту, проверяю", "Bir daqiqa, tekshiraman", "Бир дақиқа, текшираман", "One minute, checking"),
        named(
            "Одну минуту, я проверю информацию и вернусь к вам с ответом.",
            "Bir daqiqa, maʼlumotni tekshirib, sizga javob beraman.",
            "Бир дақиқа, маълумотни текшириб, сизга жавоб бераман.",
            "One minute, please: I will check this and come back to you with an answer.",
        ),
    ),
    _template(
        _TALK,
        named("Спасибо за ожидание", "Kutganingiz uchun rahmat", "Кутганингиз учун раҳмат", "Thank you for waiting"),
        named(
            "Спасибо за ожидание, {client.name}.",
            "Kutganingiz uchun rahmat, {client.name}.",
            "Кутганингиз учун раҳмат, {client.name}.",
            "Thank you for waiting, {client.name}.",
        ),
    ),
    _template(
        _TALK,
        named("Чем ещё помочь", "Yana qanday yordam", "Яна қандай ёрдам", "Anything else"),
        named(
            "Могу ли я помочь вам чем-нибудь ещё?",
            "Sizga yana qanday yordam bera olaman?",
            "Сизга яна қандай ёрдам бера оламан?",
            "Is there anything else I can help you with?",
        ),
    ),
    _template(
        _TALK,
        named("Прощание", "Xayrlashish", "Хайрлашиш", "Goodbye"),
        named(
            "Спасибо за обращение! Номер вашего чата {chat.number}. Хорошего дня!",
            "Murojaatingiz uchun rahmat! Chatingiz raqami {chat.number}. Kuningiz xayrli oʻtsin!",
            "Мурожаатингиз учун раҳмат! Чатингиз рақами {chat.number}. Кунингиз хайрли ўтсин!",
            "Thank you for contacting us! Your chat number is {chat.number}. Have a good day!",
        ),
    ),
    _template(
        _CHECK,
        named("Уточните вопрос", "Savolni aniqlashtiring", "Саволни аниқлаштиринг", "Tell us more"),
        named(
            "Пожалуйста, опишите вопрос подробнее: что вы делали и какое сообщение увидели?",
            "Iltimos, savolingizni batafsil yozing: nima qildingiz va qanday xabarni koʻrdingiz?",
            "Илтимос, саволингизни батафсил ёзинг: нима қилдингиз ва қандай хабарни кўрдингиз?",
            "Please describe the question in more detail: what did you do and what message did you see?",
        ),
    ),
    _template(
        _CHECK,
        named("Снимок экрана", "Ekran surati", "Экран сурати", "Screenshot"),
        named(
            "Пришлите, пожалуйста, снимок экрана. Номер карты и коды на нём закройте.",
            "Iltimos, ekran suratini yuboring. Undagi karta raqami va kodlarni yoping.",
            "Илтимос, экран суратини юборинг. Ундаги карта рақами ва кодларни ёпинг.",
            "Please send a screenshot. Cover the card number and any codes on it.",
        ),
    ),
    _template(
        _CHECK,
        named("Никому не сообщайте код", "Kodni hech kimga aytmang", "Кодни ҳеч кимга айтманг", "Keep codes secret"),
        named(
            "Никому не сообщайте код из СМС, CVV и пароль. Сотрудники банка никогда их не спрашивают.",
            "SMS kodi, CVV va parolni hech kimga aytmang. Bank xodimlari ularni hech qachon soʻramaydi.",
            "СМС коди, CVV ва паролни ҳеч кимга айтманг. Банк ходимлари уларни ҳеч қачон сўрамайди.",
            "Never tell anyone an SMS code, a CVV or a password. The bank's employees never ask for them.",
        ),
    ),
    _template(
        _CHECK,
        named("Передано специалисту", "Mutaxassisga yuborildi", "Мутахассисга юборилди", "Passed to a specialist"),
        named(
            "Я передам ваш вопрос специалисту. Как только будет ответ, мы напишем вам здесь.",
            "Savolingizni mutaxassisga yuboraman. Javob boʻlishi bilan shu yerda yozamiz.",
            "Саволингизни мутахассисга юбораман. Жавоб бўлиши билан шу ерда ёзамиз.",
            "I will pass your question to a specialist. As soon as there is an answer, we will write to you here.",
        ),
    ),
    _template(
        _CARDS,
        named("Блокировка карты", "Kartani bloklash", "Картани блоклаш", "Blocking a card"),
        named(
            "Сразу заблокируйте карту в приложении: «Карты» → «Заблокировать». Если приложения нет, напишите об этом, "
            "и мы поможем.",
            "Kartani darhol ilovada bloklang: “Kartalar” → “Bloklash”. Ilova boʻlmasa, shu haqda yozing, yordam beramiz.",
            "Картани дарҳол иловада блокланг: “Карталар” → “Блоклаш”. Илова бўлмаса, шу ҳақда ёзинг, ёрдам берамиз.",
            "Block the card in the app at once: Cards → Block. If you have no app, tell us and we will help.",
        ),
    ),
    _template(
        _CARDS,
        named("Перевод не дошёл", "Oʻtkazma yetib bormadi", "Ўтказма етиб бормади", "Transfer has not arrived"),
        named(
            "Перевод может идти до трёх банковских дней. Напишите, пожалуйста, дату, сумму и последние четыре цифры карты.",
            "Oʻtkazma uch bank kunigacha borishi mumkin. Iltimos, sana, summa va kartaning oxirgi toʻrt raqamini yozing.",
            "Ўтказма уч банк кунигача бориши мумкин. Илтимос, сана, сумма ва картанинг охирги тўрт рақамини ёзинг.",
            "A transfer may take up to three banking days. Please tell us the date, the amount and the last four digits.",
        ),
    ),
    _template(
        _CARDS,
        named("Готовность карты", "Karta tayyorligi", "Карта тайёрлиги", "When a card is ready"),
        named(
            "Карта будет готова в течение трёх рабочих дней. Для получения возьмите с собой паспорт или ID-карту.",
            "Karta uch ish kuni ichida tayyor boʻladi. Uni olish uchun pasport yoki ID-kartani oʻzingiz bilan oling.",
            "Карта уч иш куни ичида тайёр бўлади. Уни олиш учун паспорт ёки ID-картани ўзингиз билан олинг.",
            "The card will be ready within three working days. Bring your passport or ID card to collect it.",
        ),
    ),
]
