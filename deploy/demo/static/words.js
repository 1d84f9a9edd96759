// What the demo phone says, by language.
export const words = {
  ru: {
    lang: "ru", title: "Демо: телефон клиента", ribbon: "Демонстрация: так банк видит клиент. Сообщения придут на рабочее место оператора.",
    bank: "Банк", bot: "бот", typing: "печатает…", offline: "нет связи, пробуем снова…", language: "Язык", name: "Ваше имя",
    hint: "Не вводите настоящие данные карт и паспорта.", begin: "Начать", attach: "Прикрепить файл", write: "Сообщение", send: "Отправить",
    edited: "изменено", photo: "Фото", file: "Файл",
  },
  uz_Latn: {
    lang: "uz-Latn", title: "Demo: mijoz telefoni", ribbon: "Namoyish: mijoz bankni shunday koʻradi. Xabarlar operatorning ish joyiga tushadi.",
    bank: "Bank", bot: "bot", typing: "yozmoqda…", offline: "aloqa yoʻq, qayta urinyapmiz…", language: "Til", name: "Ismingiz",
    hint: "Haqiqiy karta va pasport maʼlumotlarini kiritmang.", begin: "Boshlash", attach: "Fayl biriktirish", write: "Xabar", send: "Yuborish",
    edited: "oʻzgartirilgan", photo: "Rasm", file: "Fayl",
  },
  uz_Cyrl: {
    lang: "uz-Cyrl", title: "Демо: мижоз телефони", ribbon: "Намойиш: мижоз банкни шундай кўради. Хабарлар операторнинг иш жойига тушади.",
    bank: "Банк", bot: "бот", typing: "ёзмоқда…", offline: "алоқа йўқ, қайта уриняпмиз…", language: "Тил", name: "Исмингиз",
    hint: "Ҳақиқий карта ва паспорт маълумотларини киритманг.", begin: "Бошлаш", attach: "Файл бириктириш", write: "Хабар", send: "Юбориш",
    edited: "ўзгартирилган", photo: "Расм", file: "Файл",
  },
  en: {
    lang: "en", title: "Demo: the client's phone", ribbon: "Demonstration: this is how a client sees the bank. Messages arrive at an operator's desk.",
    bank: "Bank", bot: "bot", typing: "typing…", offline: "no connection, trying again…", language: "Language", name: "Your name",
    hint: "Do not enter real card or passport data.", begin: "Start", attach: "Attach a file", write: "Message", send: "Send",
    edited: "edited", photo: "Photo", file: "File",
  },
};
