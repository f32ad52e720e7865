"""What search engines may list: public pages about letters, never names or a signer's pages."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from letters.models import Letter


class _InEveryLanguage:
    i18n = True
    alternates = True
    x_default = True


class PageSitemap(_InEveryLanguage, Sitemap[str]):
    """Pages that belong to no single letter."""

    def items(self) -> list[str]:
        return ["home", "letter_list", "privacy"]

    def location(self, item: str) -> str:
        return reverse(item)


class LetterSitemap(_InEveryLanguage, Sitemap[Letter]):
    """One page of every published letter that has words."""

    def __init__(self, route: str) -> None:
        self.route = route

    def items(self) -> QuerySet[Letter]:
        return Letter.objects.published().filter(texts__is_courtesy_translation=False)

    def location(self, item: Letter) -> str:
        return reverse(self.route, args=[item.slug])


SITEMAPS: dict[str, Sitemap[str] | Sitemap[Letter]] = {
    "pages": PageSitemap(),
    **{route: LetterSitemap(route) for route in ("letter", "statistics", "updates")},
}
