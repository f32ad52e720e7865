"""Addresses of the public pages; each group under its prefix."""

from django.urls import include, path

from .views import api, letter, names, own_page, sharing, signing, statistics, updates

letter_urls = [
    path("", letter.letter_page, name="letter"),
    path("sign/", signing.sign, name="sign"),
    path("challenge.json", signing.challenge, name="challenge"),
    path("signatures/", names.names_page, name="names"),
    path("letter.json", api.letter_json, name="letter_json"),
    path("signatures.json", api.names_json, name="names_json"),
    path("count.json", api.count_json, name="count_json"),
    path("statistics/", statistics.statistics_page, name="statistics"),
    path("updates/", updates.updates_page, name="updates"),
    path("updates.atom", updates.updates_feed, name="updates_feed"),
    path("share/", sharing.share_page, name="share"),
    path("sheet.pdf", sharing.paper_sheet, name="sheet"),
    path("share.png", sharing.share_image_file, name="share_image"),
    path("qr.svg", sharing.qr_code, name="qr_code"),
    path("embed/", letter.embed, name="embed"),
]

# One signature, by its own link
own_urls = [
    path("", own_page.signature_page, name="signature"),
    path("confirm/", own_page.confirm, name="signature_confirm"),
    path("not-me/", own_page.not_me, name="signature_not_me"),
    path("change/", own_page.change, name="signature_change"),
    path("withdraw/", own_page.withdraw, name="signature_withdraw"),
    path("erase/", own_page.erase, name="signature_erase"),
    path("unsubscribe/", own_page.unsubscribe, name="unsubscribe"),
]

urlpatterns = [
    path("letters/<slug:slug>/", include(letter_urls)),
    path("s/<str:token>/", include(own_urls)),
    path("", letter.home, name="home"),
    path("letters/", letter.letter_list, name="letter_list"),
    path("letters.json", api.letters_json, name="letters_json"),
    path("privacy/", letter.privacy, name="privacy"),
]
