"""The topic tree: one line a topic, two blanks a level, the name as ru | uz_Latn | uz_Cyrl | en."""

from collections import Counter
from typing import Any

from migrations.start_set.named import named

TREE = """\
Карты | Kartalar | Карталар | Cards
  Выпуск и доставка | Chiqarish va yetkazish | Чиқариш ва етказиш | Issue and delivery
    Новая карта | Yangi karta | Янги карта | New card
      Humo | Humo | Humo | Humo
      Uzcard | Uzcard | Uzcard | Uzcard
      Visa и Mastercard | Visa va Mastercard | Visa ва Mastercard | Visa and Mastercard
    Перевыпуск | Qayta chiqarish | Қайта чиқариш | Reissue
    Срок доставки | Yetkazish muddati | Етказиш муддати | Delivery time
  Блокировка | Bloklash | Блоклаш | Blocking
    Утеря или кража | Yoʻqolgan yoki oʻgʻirlangan | Йўқолган ёки ўғирланган | Lost or stolen
    Разблокировка | Blokdan chiqarish | Блокдан чиқариш | Unblocking
      Неверный PIN-код | PIN-kod xato kiritilgan | PIN-код хато киритилган | Wrong PIN
      Блокировка банком | Bank bloklagan | Банк блоклаган | Blocked by the bank
  PIN-код и SMS-информирование | PIN-kod va SMS-xabarnoma | PIN-код ва SMS-хабарнома | PIN and SMS notices
  Операции по карте | Karta amaliyotlari | Карта амалиётлари | Card transactions
    Отклонена оплата | Toʻlov rad etildi | Тўлов рад этилди | Payment declined
    Двойное списание | Ikki marta yechilgan | Икки марта ечилган | Charged twice
    Возврат от магазина | Doʻkondan pul qaytishi | Дўкондан пул қайтиши | Refund from a shop
  Лимиты | Limitlar | Лимитлар | Limits
Переводы и платежи | Oʻtkazmalar va toʻlovlar | Ўтказмалар ва тўловлар | Transfers and payments
  Перевод на карту | Kartaga oʻtkazma | Картага ўтказма | Transfer to a card
    Не поступил | Kelib tushmadi | Келиб тушмади | Not received
    Отправлен не туда | Xato yuborilgan | Хато юборилган | Sent to a wrong card
    Комиссия | Komissiya | Комиссия | Fee
  Международные переводы | Xalqaro oʻtkazmalar | Халқаро ўтказмалар | International transfers
    Отправка | Joʻnatish | Жўнатиш | Sending
    Получение | Qabul qilish | Қабул қилиш | Receiving
  Оплата услуг | Xizmatlar uchun toʻlov | Хизматлар учун тўлов | Service payments
    Коммунальные услуги | Kommunal xizmatlar | Коммунал хизматлар | Utilities
    Мобильная связь и интернет | Mobil aloqa va internet | Мобил алоқа ва интернет | Mobile and internet
    Налоги и штрафы | Soliq va jarimalar | Солиқ ва жарималар | Taxes and fines
Вклады | Omonatlar | Омонатлар | Deposits
  Открытие вклада | Omonat ochish | Омонат очиш | Opening a deposit
    В сумах | Soʻmda | Сўмда | In soums
    В иностранной валюте | Chet el valyutasida | Чет эл валютасида | In foreign currency
  Проценты и выплаты | Foizlar va toʻlovlar | Фоизлар ва тўловлар | Interest and payouts
  Пополнение и снятие | Toʻldirish va yechish | Тўлдириш ва ечиш | Top-up and withdrawal
  Досрочное закрытие | Muddatidan oldin yopish | Муддатидан олдин ёпиш | Early closing
Кредиты | Kreditlar | Кредитлар | Loans
  Оформление | Rasmiylashtirish | Расмийлаштириш | Applying
    Микрозайм | Mikroqarz | Микроқарз | Microloan
      Онлайн-заявка | Onlayn ariza | Онлайн ариза | Online application
      Отказ | Rad javobi | Рад жавоби | Refusal
    Ипотека | Ipoteka | Ипотека | Mortgage
    Автокредит | Avtokredit | Автокредит | Car loan
    Образовательный кредит | Taʼlim krediti | Таълим кредити | Education loan
  Погашение | Soʻndirish | Сўндириш | Repayment
    График и остаток | Jadval va qoldiq | Жадвал ва қолдиқ | Schedule and balance
    Досрочное погашение | Muddatidan oldin soʻndirish | Муддатидан олдин сўндириш | Early repayment
    Просрочка | Muddati oʻtgan qarz | Муддати ўтган қарз | Overdue debt
  Кредитная история | Kredit tarixi | Кредит тарихи | Credit history
Мобильное приложение | Mobil ilova | Мобил илова | Mobile app
  Вход и регистрация | Kirish va roʻyxatdan oʻtish | Кириш ва рўйхатдан ўтиш | Sign-in and registration
    Не приходит SMS-код | SMS-kod kelmayapti | SMS-код келмаяпти | SMS code does not arrive
    Забыт пароль | Parol unutilgan | Пароль унутилган | Forgotten password
    Смена номера телефона | Telefon raqamini almashtirish | Телефон рақамини алмаштириш | Changed phone number
  Идентификация по лицу | Yuz orqali identifikatsiya | Юз орқали идентификация | Face identification
  Ошибка в приложении | Ilovadagi xatolik | Иловадаги хатолик | Error in the app
    Android | Android | Android | Android
    iPhone | iPhone | iPhone | iPhone
  Кешбэк и бонусы | Keshbek va bonuslar | Кешбек ва бонуслар | Cashback and bonuses
Счета и тарифы | Hisobvaraqlar va tariflar | Ҳисобварақлар ва тарифлар | Accounts and tariffs
  Открытие и закрытие счёта | Hisobvaraq ochish va yopish | Ҳисобварақ очиш ва ёпиш | Opening and closing an account
  Выписка и справки | Koʻchirma va maʼlumotnomalar | Кўчирма ва маълумотномалар | Statements and certificates
  Тарифы и комиссии | Tarif va komissiyalar | Тариф ва комиссиялар | Tariffs and fees
  Счёт бизнеса | Biznes hisobvaragʻi | Бизнес ҳисобварағи | Business account
Курсы валют | Valyuta kurslari | Валюта курслари | Exchange rates
  Курс сегодня | Bugungi kurs | Бугунги курс | Rate of the day
  Обмен в приложении | Ilovada ayirboshlash | Иловада айирбошлаш | Exchange in the app
  Обмен в отделении | Filialda ayirboshlash | Филиалда айирбошлаш | Exchange at a branch
Отделения и банкоматы | Filiallar va bankomatlar | Филиаллар ва банкоматлар | Branches and ATMs
  Адреса и время работы | Manzil va ish vaqti | Манзил ва иш вақти | Addresses and hours
  Банкомат не выдал деньги | Bankomat pul bermadi | Банкомат пул бермади | ATM gave no cash
  Карта осталась в банкомате | Karta bankomatda qoldi | Карта банкоматда қолди | Card kept by an ATM
  Запись на приём | Qabulga yozilish | Қабулга ёзилиш | Appointment
Жалобы и предложения | Shikoyat va takliflar | Шикоят ва таклифлар | Complaints and suggestions
  Качество обслуживания | Xizmat koʻrsatish sifati | Хизмат кўрсатиш сифати | Quality of service
  Предложение | Taklif | Таклиф | Suggestion
  Благодарность | Minnatdorchilik | Миннатдорчилик | Gratitude
Мошенничество | Firibgarlik | Фирибгарлик | Fraud
  Списание без ведома клиента | Mijoz bilmagan holda pul yechilgan | Мижоз билмаган ҳолда пул ечилган | Unauthorised charge
  Подозрительный звонок или ссылка | Shubhali qoʻngʻiroq yoki havola | Шубҳали қўнғироқ ёки ҳавола | Suspicious call or link
  Передан код из SMS | SMS-kod boshqaga aytilgan | SMS-код бошқага айтилган | SMS code was disclosed
Другое | Boshqa | Бошқа | Other
"""


def topics() -> list[dict[str, Any]]:
    """The tree as rows: parents come before their children."""
    rows: list[dict[str, Any]] = []
    branch: list[int | None] = [None]
    places: Counter[int | None] = Counter()
    for number, line in enumerate(TREE.splitlines(), 1):
        level = (len(line) - len(line.lstrip())) // 2
        parent = branch[level]
        places[parent] += 1
        names = named(*(name.strip() for name in line.split("|")))
        rows.append({"id": number, "parent_id": parent, "names": names, "position": places[parent]})
        branch[level + 1 :] = [number]
    return rows
