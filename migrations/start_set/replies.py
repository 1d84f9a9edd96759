"""Automatic replies in the languages clients write in. Words in braces are filled in when the reply is sent."""

from migrations.start_set.named import named

REPLIES = [
    {
        "kind": "greeting",
        "names": named("Приветствие", "Salomlashuv", "Саломлашув", "Greeting"),
        "texts": named(
            "Здравствуйте, {client.name}! Это {bank.name}. Чем можем помочь?",
            "Assalomu alaykum, {client.name}! Bu {bank.name}. Sizga qanday yordam bera olamiz?",
            "Ассалому алайкум, {client.name}! Бу {bank.name}. Сизга қандай ёрдам бера оламиз?",
            "Hello, {client.name}! This is {bank.name}. How can we help?",
        ),
    },
    {
        "kind": "out_of_hours",
        "names": named("Нерабочее время", "Ish vaqtidan tashqari", "Иш вақтидан ташқари", "Out of hours"),
        "texts": named(
            "Сейчас операторы не работают. Мы прочитаем ваше сообщение и ответим {hours.next}.",
            "Hozir operatorlar ishlamayapti. Xabaringizni oʻqib, {hours.next} javob beramiz.",
            "Ҳозир операторлар ишламаяпти. Хабарингизни ўқиб, {hours.next} жавоб берамиз.",
            "Our operators are away now. We will read your message and answer {hours.next}.",
        ),
    },
    {
        "kind": "holiday",
        "names": named("Праздничный день", "Bayram kuni", "Байрам куни", "Holiday"),
        "texts": named(
            "Сегодня праздничный день. Ответим вам {hours.next}. С праздником!",
            "Bugun bayram. Sizga {hours.next} javob beramiz. Bayramingiz muborak boʻlsin!",
            "Бугун байрам. Сизга {hours.next} жавоб берамиз. Байрамингиз муборак бўлсин!",
            "Today is a public holiday. We will answer you {hours.next}. Happy holiday!",
        ),
    },
    {
        "kind": "queue_position",
        "names": named("Место в очереди", "Navbatdagi oʻrin", "Навбатдаги ўрин", "Place in the queue"),
        "texts": named(
            "Вы в очереди, ваше место: {queue.position}. Ожидание около {queue.minutes} мин.",
            "Siz navbatdasiz, oʻrningiz: {queue.position}. Kutish vaqti taxminan {queue.minutes} daqiqa.",
            "Сиз навбатдасиз, ўрнингиз: {queue.position}. Кутиш вақти тахминан {queue.minutes} дақиқа.",
            "You are in the queue, your place: {queue.position}. The wait is about {queue.minutes} min.",
        ),
    },
    {
        "kind": "long_wait",
        "names": named("Долгое ожидание", "Uzoq kutish", "Узоқ кутиш", "Long wait"),
        "texts": named(
            "Извините за ожидание: сейчас много обращений. Мы о вас помним и скоро ответим.",
            "Kutib qolganingiz uchun uzr: hozir murojaatlar koʻp. Siz eʼtiborimizdasiz, tez orada javob beramiz.",
            "Кутиб қолганингиз учун узр: ҳозир мурожаатлар кўп. Сиз эътиборимиздасиз, тез орада жавоб берамиз.",
            "Sorry for the wait: we have many requests now. We remember you and will answer soon.",
        ),
    },
    {
        "kind": "operator_joined",
        "names": named("Оператор подключился", "Operator ulandi", "Оператор уланди", "Operator joined"),
        "texts": named(
            "Вам отвечает {operator.name}.",
            "Sizga {operator.name} javob beradi.",
            "Сизга {operator.name} жавоб беради.",
            "{operator.name} is with you now.",
        ),
    },
    {
        "kind": "auto_close_warning",
        "names": named(
            "Предупреждение о завершении",
            "Yakunlash haqida ogohlantirish",
            "Якунлаш ҳақида огоҳлантириш",
            "Warning before closing",
        ),
        "texts": named(
            "Остались вопросы? Если сообщений не будет, через {minutes} мин. чат завершится.",
            "Savollaringiz qoldimi? Xabar boʻlmasa, {minutes} daqiqadan soʻng chat yakunlanadi.",
            "Саволларингиз қолдими? Хабар бўлмаса, {minutes} дақиқадан сўнг чат якунланади.",
            "Any other questions? Without a message the chat will close in {minutes} min.",
        ),
    },
    {
        "kind": "closing",
        "names": named("Завершение", "Yakunlash", "Якунлаш", "Closing"),
        "texts": named(
            "Спасибо за обращение в {bank.name}! Если появятся вопросы, просто напишите нам.",
            "{bank.name}ga murojaat qilganingiz uchun rahmat! Savol tugʻilsa, bizga yozing.",
            "{bank.name}га мурожаат қилганингиз учун раҳмат! Савол туғилса, бизга ёзинг.",
            "Thank you for contacting {bank.name}! If you have more questions, just write to us.",
        ),
    },
    {
        "kind": "blocked",
        "names": named("Клиент заблокирован", "Mijoz bloklangan", "Мижоз блокланган", "Client blocked"),
        "texts": named(
            "Переписка в этом чате приостановлена. По срочным вопросам обратитесь в отделение банка.",
            "Bu chatda yozishuv toʻxtatilgan. Shoshilinch masalalar boʻyicha bank filialiga murojaat qiling.",
            "Бу чатда ёзишув тўхтатилган. Шошилинч масалалар бўйича банк филиалига мурожаат қилинг.",
            "Messaging in this chat is suspended. For urgent matters please visit a branch of the bank.",
        ),
    },
    {
        "kind": "queue_full",
        "names": named("Очередь заполнена", "Navbat toʻldi", "Навбат тўлди", "Queue is full"),
        "texts": named(
            "Сейчас нам пишут очень многие, поэтому ответ займёт больше времени, чем обычно. Ваше сообщение принято.",
            "Hozir bizga juda koʻp yozishmoqda, shu sababli javob odatdagidan koʻproq vaqt oladi. Xabaringiz qabul qilindi.",
            "Ҳозир бизга жуда кўп ёзишмоқда, шу сабабли жавоб одатдагидан кўпроқ вақт олади. Хабарингиз қабул қилинди.",
            "Very many people are writing to us now, so the answer will take longer than usual. Your message is received.",
        ),
    },
    {
        "kind": "rating",
        "names": named("Вопрос об оценке", "Baholash savoli", "Баҳолаш саволи", "Question about the rating"),
        "texts": named(
            "Оцените, пожалуйста, нашу работу.",
            "Iltimos, xizmatimizni baholang.",
            "Илтимос, хизматимизни баҳоланг.",
            "Please rate our service.",
        ),
    },
    {
        "kind": "rating_thanks",
        "names": named("Спасибо за оценку", "Baho uchun rahmat", "Баҳо учун раҳмат", "Thanks for the rating"),
        "texts": named(
            "Спасибо! Ваша оценка: {rating.mark}.",
            "Rahmat! Sizning bahoyingiz: {rating.mark}.",
            "Раҳмат! Сизнинг баҳойингиз: {rating.mark}.",
            "Thank you! Your mark: {rating.mark}.",
        ),
    },
]
