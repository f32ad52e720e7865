"""Chinese, in either script: Django leaves large numbers without separators; CLDR does not."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
