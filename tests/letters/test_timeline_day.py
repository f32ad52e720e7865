"""An event of the timeline knows its day where more than the year is known."""

from datetime import date

import pytest

from letters.models import TimelineEvent


@pytest.mark.parametrize(("when", "day"), [("1989-06-04", date(1989, 6, 4)), ("1998", None)])
def test_day_is_known_where_more_than_the_year_is(when, day):
    assert TimelineEvent(when=when).day == day
