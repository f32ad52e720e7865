"""Names of places that no transliteration brings together: `القاهرة` is Cairo, `Wien` is Vienna."""

from __future__ import annotations

import re

from .normalise import canonical
from .romanise import romanise

# The English name, then others, `_` for a space. Only places whose names do not sound alike.
EXONYMS = {
    canonical(other.replace("_", " ")): english
    for english, *others in (
        line.split()
        for line in """
        athens Athína Αθήνα Афины 雅典 أثينا Athen Athènes
        austria Österreich Австрия 奥地利 النمسا Autriche
        beijing 北京 Peking Пекин بكين Pékin
        brussels Bruxelles Brüssel Брюссель 布鲁塞尔 بروكسل
        cairo القاهرة 开罗 Каир Le_Caire
        canton 广州 廣州 Guangzhou
        casablanca الدار_البيضاء 卡萨布兰卡
        china 中国 中國 Китай الصين Chine चीन Κίνα 중국 סין Zhongguo རྒྱ་ནག
        cologne Köln Кёльн 科隆
        copenhagen København Копенгаген 哥本哈根
        egypt مصر Египет 埃及 Égypte מצרים
        florence Firenze Флоренция 佛罗伦萨
        france فرنسا Франция 法国 法國 Γαλλία 프랑스
        geneva Genève Genf Женева 日内瓦 جنيف Ginebra
        germany Deutschland Германия 德国 德國 ألمانيا Allemagne Alemania Γερμανία 독일 जर्मनी גרמניה
        greece Ελλάδα Греция 希腊 اليونان Grèce Grecia Ellada Hellas
        hong_kong 香港 Гонконг Xianggang
        india भारत Индия 印度 الهند Inde Bharat 인도
        israel ישראל 以色列 إسرائيل
        japan 日本 Япония اليابان Japon Nippon 일본
        jerusalem ירושלים القدس 耶路撒冷 Иерусалим
        korea 한국 대한민국 韩国 韓國 Корея كوريا Corée
        lebanon لبنان Ливан 黎巴嫩 Liban
        lisbon Lisboa Лиссабон 里斯本
        london Londres Лондон 伦敦 倫敦 لندن
        los_angeles 洛杉矶 洛杉磯 Лос-Анджелес لوس_أنجلوس
        moscow Москва 莫斯科 موسكو Moscou Moskau
        munich München Мюнхен 慕尼黑 ميونخ
        netherlands Nederland Нидерланды 荷兰 荷蘭 هولندا Holland Pays-Bas
        new_york 纽约 紐約 Нью-Йорк نيويورك न्यूयॉर्क Νέα_Υόρκη 뉴욕
        paris 巴黎 Париж باريس Παρίσι 파리 פריז
        poland Polska Польша 波兰 بولندا Pologne
        prague Praha Прага 布拉格 براغ Prag
        rome Roma Рим 罗马 روما
        russia Россия 俄罗斯 俄羅斯 روسيا Russie Rusia Ρωσία 러시아
        san_francisco 旧金山 舊金山 Сан-Франциско
        singapore 新加坡 Сингапур سنغافورة
        spain España Испания 西班牙 إسبانيا Espagne
        switzerland Schweiz Suisse Svizzera Швейцария 瑞士 سويسرا
        sydney 悉尼 雪梨 Сидней
        syria سوريا Сирия 叙利亚 Syrie
        taiwan 台湾 臺灣 Тайвань
        tibet བོད 西藏 Xizang Тибет
        tokyo 东京 東京 Токио طوكيو 도쿄
        toronto 多伦多 多倫多 Торонто
        turkey Türkiye Турция 土耳其 تركيا Turquie
        ukraine Україна Украина 乌克兰 أوكرانيا
        united_kingdom UK Великобритания 英国 英國 بريطانيا Royaume-Uni Britain England 영국
        united_states USA US America США 美国 美國 أمريكا États-Unis Estados_Unidos ΗΠΑ 미국 अमेरिका
        vienna Wien Вена 维也纳 فيينا Vienne
        warsaw Warszawa Варшава 华沙 وارسو Varsovie Warschau
        washington 华盛顿 華盛頓 Вашингтон واشنطن
        """.strip().splitlines()
    )
    for other in others
}
CHINESE_UNITS = re.compile("(?<=[\u3400-\u9fff]{2})[市省区區县縣]$")


def place_words(residence: str) -> list[str]:
    """Return the words of a residence in Latin letters, well-known places by their English name."""
    words: list[str] = []
    for part in re.split(r"[,،、;/()]", residence):
        plain = CHINESE_UNITS.sub("", canonical(part))
        known = EXONYMS.get(plain) or " ".join(EXONYMS.get(word, word) for word in plain.split())
        words += romanise(known.replace("_", " ")).split()
    return words
