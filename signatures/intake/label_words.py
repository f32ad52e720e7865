"""The words with which people and programs mark the four lines, language by language.

English, Chinese (simplified, then traditional), Russian, French, Spanish and Arabic first, then
others. Case, accents, spaces and punctuation do not matter here: `labels` folds them.
"""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """What a label asks for. GIVEN and FAMILY are halves of a name; OTHER is nobody's line."""

    NAME = "name"
    GIVEN = "given"
    FAMILY = "family"
    RESIDENCE = "residence"
    OCCUPATION = "occupation"
    EMAIL = "email"
    OTHER = "other"


WORDS: dict[Field, str] = {
    Field.NAME: """
        name|full name|complete name|name in full|full legal name|legal name|real name
        print name
        printed name|first and last name|first name and last name|first & last name
        first name last name|first name, last name|last name, first name|name and surname
        name, surname|name surname|surname and name|surname, name|name of signer
        name of signatory
        signer name|signer's name|signatory name|signatory|names|english name|chinese name
        姓名|名字|全名|姓名全名|真实姓名|签名人|签署人|签名人姓名|签署人姓名|签名者|签署者
        联署人|联署人姓名|中文姓名|英文姓名
        中文名|英文名|名称|真實姓名|簽名人|簽署人|簽名人姓名|簽署人姓名|簽名者|簽署者|聯署人
        聯署人姓名|中文姓名
        имя|фио|ф.и.о.|ф. и. о.|фамилия имя отчество|фамилия, имя, отчество|фамилия, имя
        фамилия и имя|имя и фамилия|имя фамилия|имя, фамилия|полное имя|фамилия имя|подписант
        nom|nom complet|nom et prénom|nom et prénoms|nom, prénom|nom prénom|prénom et nom
        prénom, nom|prénom nom|noms|nom et prénom(s)
        nombre|nombre completo|nombre y apellido|nombre y apellidos|nombres y apellidos
        apellido y nombre|apellidos y nombre|apellidos, nombre|nombre, apellidos
        nombre y apellido(s)
        الاسم|اسم|الإسم|الاسم الكامل|الاسم بالكامل|الاسم واللقب|الاسم الثلاثي|الاسم الرباعي
        الإسم الكامل
        name und vorname|vor- und nachname|vor und nachname|vorname und name
        vorname und nachname
        vollständiger name|nachname, vorname|name, vorname|vorname, name|vorname nachname
        nome|nome completo|nome e cognome|cognome e nome|nome e sobrenome|naam|volledige naam
        imię i nazwisko|imię nazwisko|jméno|jméno a příjmení|ім'я|піб|ad soyad|adı soyadı
        ad, soyad
        isim|namn|navn|nimi|ονοματεπώνυμο|όνομα|שם|שם מלא
        họ tên|họ và tên|tên|tên họ|tên đầy đủ|氏名|お名前|名前|御名前|ご氏名|이름|성명|성함
        نام|نام و نام خانوادگی|نام کامل|नाम|पूरा नाम|མིང་|མིང|ཆོས་མིང་|ئىسمى|ئىسىم
        ئىسمى فامىلىسى|ئىسىم فامىلە
        nama|nama lengkap|ชื่อ|ชื่อ-นามสกุล|нэр|овог нэр|аты-жөні
    """,
    Field.GIVEN: """
        first name|given name|given names|given name(s)|forename|firstname|prénom|prénoms
        vorname
        名|отчество|имя отчество|nombres|الاسم الأول|nome próprio|imię|voornaam
    """,
    Field.FAMILY: """
        last name|family name|surname|lastname|nom de famille|nachname|familienname|姓|姓氏
        фамилия
        apellido|apellidos|اسم العائلة|اللقب|الكنية|sobrenome|cognome|nazwisko|achternaam
    """,
    Field.RESIDENCE: """
        place of residence|residence|place residence|residence place|place of residency
        residency
        country of residence|city of residence|current residence|place of living|place|location
        city|town|country|state|province|city and country|city & country|city, country
        city country|city, state|city and state|city, state, country|city or town|city/country
        city/state|town/city|address|home address|home town|hometown|where you live
        where do you live
        where i live|current location|current city|living in|residing in|resident of|lives in
        i live in
        place where you live
        居住地|居住地点|居住地址|居住城市|居住国|居住国家|居住国家和城市|居住国及城市|现居地
        现居住地|现居住地址|现居|住地|住址|住所|地址|所在地
        所在城市|所在国家|所在地区|常住地|常住地址|居住地区|居住|居地|城市|国家|国家和城市
        国家/城市|地区|省市|现住址|居住地方|居住处|居住所在地
        居住地點|居住國|居住國家|現居地|現居住地|現居|國家|國家和城市|地區|所在國家|所在地區
        現住址|居住處|居住縣市|縣市
        место жительства|место проживания|город|страна|город и страна|город, страна
        страна, город
        страна и город|адрес|населенный пункт|населённый пункт|проживание
        место постоянного жительства
        город проживания|страна проживания|где живете|где живёте|проживаю|живу в|местожительство
        lieu de résidence|résidence|lieu|ville|pays|ville et pays|ville, pays|ville/pays
        pays de résidence
        ville de résidence|domicile|adresse|lieu de domicile|lieu d'habitation|commune
        lieu de vie
        lugar de residencia|residencia|lugar|ciudad|país|ciudad y país|ciudad, país|ciudad/país
        domicilio|dirección|país de residencia|ciudad de residencia|localidad|residente en
        residente de
        مكان الإقامة|محل الإقامة|الإقامة|مقر الإقامة|بلد الإقامة|مكان السكن|السكن|محل السكن
        المدينة|الدولة|البلد
        العنوان|مدينة الإقامة|المدينة والدولة|المدينة والبلد|مكان الاقامة الحالي|مقر السكن
        دولة الإقامة
        wohnort|wohnsitz|ort|stadt|land|anschrift|adresse|wohnhaft in|local de residência|morada
        cidade|cidade e país|luogo di residenza|residenza|città|woonplaats|plaats|stad
        miejsce zamieszkania
        miasto|bydliště|місце проживання|ikamet yeri|ikametgah|yaşadığı yer|şehir|bostadsort
        bosted
        bopæl|asuinpaikka|τόπος κατοικίας|κατοικία|πόλη|מקום מגורים|עיר
        nơi ở|nơi cư trú|nơi cư ngụ|chỗ ở|địa chỉ|nơi sinh sống|thành phố|居住地域|お住まい
        住まい|ご住所|お住まいの地域
        거주지|거주 지역|주소|사는 곳|محل اقامت|محل سکونت|محل زندگی|شهر|نشانی
        निवास स्थान|निवास|पता|शहर|निवास का स्थान|སྡོད་གནས་|སྡོད་གནས|སྡོད་ཡུལ་|གནས་ཡུལ་
        ئولتۇرۇشلۇق جايى|تۇرۇشلۇق جايى|تۇرالغۇ جايى
        tempat tinggal|ที่อยู่|ถิ่นที่อยู่
    """,
    Field.OCCUPATION: """
        occupation|profession|job|job title|employment|vocation|trade|occupation or profession
        occupation and title|profession or occupation|occupation/title|occupation/profession
        profession/occupation|position|professional title|career|what you do|line of work
        current occupation
        职业|工作|职务|行业|身份|职业身份|职位|职称|从业|職業|職務|行業|職位|職稱|身份職業
        目前职业|現職|职业/身份
        профессия|род занятий|занятие|должность|работа|специальность|род деятельности
        место работы и должность
        профессия или род занятий|кем работаете|вид деятельности
        métier|occupation professionnelle|emploi|fonction|activité|activité professionnelle
        ocupación|profesión|oficio|trabajo|cargo|puesto|actividad|ocupación o profesión
        profesión u oficio
        المهنة|مهنة|الوظيفة|العمل|الحرفة|المهنة الحالية|التخصص|الصفة المهنية
        beruf|tätigkeit|beschäftigung|profissão|ocupação|professione|occupazione|mestiere|lavoro
        beroep|zawód|povolání|професія|рід занять|meslek|mesleği|yrke|stilling|beskæftigelse
        ammatti
        επάγγελμα|מקצוע|עיסוק
        nghề nghiệp|nghề|công việc|chức vụ|職種|ご職業|お仕事|직업|직종|شغل|حرفه|پیشه|पेशा
        व्यवसाय|काम
        ལས་རིགས་|ལས་རིགས|ལས་གནས་|ལས་ཀ་|كەسپى|كەسىپ|خىزمىتى|ۋەزىپىسى|pekerjaan|อาชีพ
    """,
    Field.EMAIL: """
        email|e-mail|mail|email address|e-mail address|email id|emailaddress|electronic mail
        email add
        contact email|mail address|email addr|my email|eメール|メール|メールアドレス
        电子邮件|电子邮箱|邮箱|邮件|电邮|电邮地址|电子邮件地址|邮件地址|邮箱地址|伊妹儿|电子信箱
        信箱|电子邮址|联系邮箱
        電子郵件|電子郵箱|郵箱|郵件|電郵|電郵地址|電子郵件地址|電子信箱|郵件地址|郵箱地址
        電子郵件信箱
        эл. почта|эл.почта|электронная почта|адрес электронной почты|почта|электронный адрес
        емейл|имейл
        эл. адрес|е-mail|мейл
        courriel|adresse e-mail|adresse email|adresse mail|adresse électronique|mél
        adresse courriel
        courrier électronique|correo|correo electrónico|correo-e|dirección de correo
        mail de contacto
        dirección de correo electrónico|dirección electrónica|البريد الإلكتروني|البريد|الإيميل
        إيميل|ايميل|بريد إلكتروني|بريد الكتروني
        عنوان البريد الإلكتروني|e-mail-adresse|emailadresse|correio eletrônico
        correio eletrónico|posta elettronica|indirizzo email
        e-mailadres|e-posta|eposta|e-post|adres e-mail|електронна пошта|thư điện tử
        địa chỉ email
        이메일|전자우편|메일|ایمیل|پست الکترونیک|ईमेल|ई-मेल|གློག་འཕྲིན་|གློག་འཕྲིན|ئېلخەت
        ئېلخەت ئادرېسى
    """,
    Field.OTHER: """
        phone|phone number|telephone|tel|tel.|mobile|cell|cell phone|fax|date|date of birth
        birth date|dob
        comment|comments|message|remarks|remark|note|notes|age|gender|sex|nationality
        citizenship|title
        organisation|organization|affiliation|employer|company|institution|website|web|url
        homepage
        subject|zip|zip code|postcode|postal code|passport|facebook|twitter|skype|wechat
        whatsapp|signature
        reason|ps|p.s.|id|id number|reply-to|department|education|degree
        电话|手机|联系电话|手机号|日期|留言|备注|附言|性别|年龄|国籍|籍贯|单位|工作单位|所属单位
        微信|主题|邮编|生日|出生日期|学历|推特
        電話|手機|聯絡電話|備註|性別|年齡|國籍|籍貫|單位|工作單位|郵遞區號|學歷|網站|网站|签名
        簽名|日期
        телефон|тел.|тел|моб.|дата|комментарий|возраст|пол|гражданство|место работы|организация
        сайт|дата рождения
        téléphone|tél|tél.|portable|commentaire|commentaires|âge|sexe|nationalité|organisation
        signature
        teléfono|tel|móvil|fecha|comentario|comentarios|edad|sexo|nacionalidad|organización
        firma
        الهاتف|رقم الهاتف|الجوال|التاريخ|ملاحظات|تعليق|العمر|الجنس|الجنسية|التوقيع|المؤسسة
        جهة العمل
        telefon|handy|datum|kommentar|alter|geschlecht|staatsangehörigkeit|firma|unterschrift
        điện thoại|số điện thoại|ngày|ghi chú|電話番号|所属|年齢|国籍|전화|전화번호|소속|나이
        국적|تلفن|फ़ोन|फोन|तारीख
    """,
}
#: Words people put before a label: "Your name", "我的姓名", "votre nom".
OWNERS = """
    my|your|the|signer's|signatory's|mon|ma|votre|mi|su|tu|mein|meine|ihr|ihre|dein|meu|seu|мой|моя|мое
    моё|ваше|ваш|ваша|您的|你的|我的|本人|请填写|填写|請填寫|填寫
"""
