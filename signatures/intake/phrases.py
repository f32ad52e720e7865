"""What people and mail programs say around the four lines, in the languages they say it in.

Each table holds regular expressions, one or more to a line; all of them ignore case.
"""

from __future__ import annotations

import re


def _any(table: str, before: str = "", after: str = "") -> re.Pattern[str]:
    lines = "|".join(line.strip() for line in table.splitlines() if line.strip())
    return re.compile(f"{before}(?:{lines}){after}", re.IGNORECASE)


#: The line above a quotation that says who wrote it, or its first half.
ATTRIBUTION = _any(
    r"""
    (?:.*\S)?\s*(?:wrote|writes|schrieb|escreveu|schreef|ha\s+scritto|đã\s+viết)\s*[:：]
    (?:.*\S)?\s*(?:写道|寫道|寫到|写到|的邮件|escribió|escribe|a\s+écrit|écrit|كتب|كتبت)\s*[:：]
    (?:.*\S)?\s*(?:пишет|писал|писала|написал|написала|написал\(а\))\s*[:：]
    (?:On|Le|El|Am|Em|В|في|在|于)\s.{0,60}\d{1,2}[:.]\d\d.*
    On\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\S*\s.*\d.*
    On\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\S*\s.*\d.*
    \d{4}年\d{1,2}月\d{1,2}日.*|在\s*\d{4}.*|\d{4}-\d\d-\d\d\s.{0,60}<.*
    """
)
#: A line of the header that programs put above a quoted or forwarded message.
HEADER = _any(
    r"""
    from|sent|date|to|cc|bcc|subject|reply-to
    von|gesendet|datum|an|betreff|de|envoyé|objet|à|date\s+d'envoi|da|a|data|oggetto
    enviado|enviado\s+el|fecha|para|asunto|từ|tới|gửi
    发件人|发送时间|发送日期|日期|收件人|抄送|主题|时间
    寄件者|寄件人|收件者|主旨|主題|寄件日期|傳送時間|傳送日期|副本
    от|от\s+кого|кому|дата|отправлено|тема|копия
    من|إلى|الى|التاريخ|الموضوع|تم\s+الإرسال|أُرسلت|نسخة
    差出人|送信日時|宛先|件名|보낸\s?사람|보낸\s?날짜|받는\s?사람|제목
    """,
    before=r"[*_\s]*",
    after=r"[*_\s]*[:：].*",
)
#: What stands above a forwarded message.
FORWARD = _any(
    r"""
    begin forwarded message|forwarded message|original message
    anfang der weitergeleiteten|ursprüngliche nachricht
    début du message|message d'origine|inicio del mensaje|mensaje original
    开始转发的邮件|下面是被转发的邮件|转发邮件|轉寄|轉寄郵件|以下は転送
    начало переадресованного|исходное сообщение|بدء الرسالة|الرسالة الأصلية
    """,
    before=r".{0,3}",
    after=r".{0,30}",
)
#: What a telephone adds below.
DEVICE = _any(
    r"""
    sent (?:from|via|with|by) |get outlook for|发自我的|从我的|發自我的|從我的|来自我的|傳自我的
    отправлено (?:с|из)|envoyé (?:de|depuis)|enviado desde|enviado do|enviado de mi
    von meine[mr] .* gesendet|gesendet von|أرسلت من|تم الإرسال من
    inviato da|verzonden vanaf|gửi từ|iphoneから送信|나의 iphone
    """,
    before=r".{0,3}",
    after=r".{0,80}",
)
#: A line that announces an example of how to fill in the four lines.
EXAMPLE = _any(
    r"""
    .{0,30}(?<![@.\w])(?:example|sample|for instance|exemple|ejemplo|beispiel)(?![.\w]).{0,30}
    .{0,30}\bпример\b.{0,30}
    .{0,10}(?:例如|示例|举例|範例|范例).{0,10}|.{0,20}مثال.{0,20}
    """
)
#: The beginning of a line that greets, thanks or takes leave, or of a sentence.
COURTESY = _any(
    r"""
    (?:hi|hello|dear|hey|good (?:morning|day|evening|afternoon)|(?:many |with )?thanks?)\b
    (?:thank you|best|regards|sincerely|yours|cheers|love|peace|respectfully|in solidarity)\b
    (?:god bless|greetings|cordially|please|i|we|this|the)\b(?![.’'-])
    (?:kind|warm|with kind|with best|warmest) (?:regards|wishes)
    此致|敬礼|敬禮|谢谢|謝謝|你好|您好|尊敬的|祝(?:好|您|你|愿|願|福)|顺祝|此上|致敬
    (?:уважаем|здравств|добрый (?:день|вечер))|(?:привет|спасибо)\b|с уваж|с наил|искренне ваш
    (?:bonjour|madame|monsieur|merci|cordialement|salutations|bien à)\b
    (?:hola|gracias|saludos|atentamente|cordialmente|un abrazo|buenos)\b|estimad[oa]s?\b
    مرحبا|السلام عليكم|تحية|شكرا|مع |وتفضلوا
    (?:mit freundlichen|viele grüße|hallo|danke|liebe grüße|sehr geehrte)
    """
)
#: What stands in a form for a value nobody gave.
PLACEHOLDER = _any(
    r"""
    x{3,}|n/?a|tba|tbd|(?:insert|enter|write|type|put|fill)\b.*|.*\bhere|your .*
    (?:please |kindly ).*|optional|required|e\.?g\.?,? .*|for example.*
    例如.*|(?:请|請)(?:填|输|輸|在).*|选填|可选|選填|必填|同上
    ваше .*|votre .*|su nombre.*|tu nombre.*|اسمك.*|اكتب.*
    """,
    before=r"\W*",
    after=r"\W*",
)
#: What a sentence, a question or an address has, and no person's name.
NOT_IN_NAMES = _any(
    r"""
    [@?？!！{}=;；。<>\\]|\.{3}|https?:|www\.
    \b(?:please|your|you|would|should|must|this|that|which|the|required|because|cannot)\b
    \b(?:thanks|thank|want|sign|signed|signature|petition|letter|support|click)\b
    谢谢|支持|签名|请|您|你们|我们|什么|吗|пожалуйста|спасибо|подпис|merci|gracias|firma\b
    """
)
#: The lines of a prisoner's case sheet, as campaigns send them round: nobody signs in it.
CASE_SHEET = _any(
    r"""
    detained|detention|arrested|imprisoned|prison|sentence|charges?|released|disappeared
    missing since
    被捕|被拘|拘留|关押|關押|监狱|監獄|服刑|刑期|罪名|判刑|失踪|失蹤
    задержан|арестован|осужд[её]н|приговор|обвинение|срок
    détenu|arrêté|condamn|peine|detenid|arrestad|conden|cargos
    اعتقل|تاريخ الاعتقال|السجن|الحكم|التهمة
    """,
    before=r"\W*",
    after=r"[^:：]{0,30}[:：]",
)
#: A wish to be taken off the list.
REMOVAL = _any(
    r"""
    (?:remove|delete|withdraw|take(?: off| away)?|cancel|retract) (?:my|our) (?:name|signature)
    unsubscribe me|take (?:me|us|my name) off
    (?:撤回|撤销|撤銷|取消|删除|刪除|移除)(?:我|本人)?的?(?:签名|簽名|名字|姓名)
    (?:撤回|撤销|撤銷|取消|删除|刪除|移除)(?:我|本人)?的?(?:联署|聯署|签署|簽署)
    (?:удалить|удалите|отозвать|отзовите|отзываю) (?:мою|моё|мое) (?:подпись|имя|фамилию)
    (?:убрать|уберите|снять|снимите) (?:мою|моё|мое) (?:подпись|имя|фамилию)
    (?:retir|supprim|enlev|annul)\w* (?:ma|mon) (?:signature|nom)
    (?:retir|elimin|borr|quit)\w* mi (?:firma|nombre)
    (?:سحب|حذف|إزالة|إلغاء) (?:توقيعي|اسمي)
    """
)
#: Who sends bounces.
MACHINE = _any(
    r"mailer-daemon|postmaster|mail delivery (?:sub)?system|mail delivery service",
    before=r"\b",
    after=r"\b",
)
#: The beginning of a bounce's subject.
RETURNED = _any(
    r"""
    undeliver(?:ed|able)|delivery status notification \((?:failure|delay)|mail delivery failed
    returned mail|failure notice|delivery (?:failure|has failed)|mail system error
    非送达|退信|系统退信|邮件无法投递|unzustellbar|non remis|no entregado|недоставлен|не доставлено
    """
)
#: The beginning of an automatic reply's subject.
AWAY = _any(
    r"""
    auto(?:matic)?[- ]?(?:re(?:ply|sponse|sponder)|antwort)|auto:|out of (?:the )?office
    away from (?:my|the) (?:office|mail|desk)|vacation (?:reply|notice|message|re:)
    on (?:vacation|holiday|leave)\b|i am (?:away|out of)
    自动回复|自动答复|自動回覆|自動回復|休假|外出自动|自動応答|不在通知
    автоответ|автоматический ответ|нет на месте|вне офиса
    réponse automatique|absent(?:e)? du bureau|absence du bureau|message d'absence
    respuesta automática|fuera de (?:la )?oficina|ausente|رد تلقائي|الرد التلقائي|خارج المكتب
    automatische antwort|abwesenheit
    """
)
#: The beginning of a subject that a filter marked.
MARKED = _any(
    r"[\[(*{<\s]*(?:possible |probable |likely )?(?:spam|junk|垃圾邮件|垃圾郵件)[\])*}>\s:]"
)
