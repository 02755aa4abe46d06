"""The demonstration set: invented providers in plausible Ukrainian, the same ones for the same seed.

Nothing in it can be taken for real: codes begin with 99 and taxpayer numbers name birthdays in the year 2173 (both with
right check digits), phones use the area 00 that no network has, mail and web addresses end in `.example`.
"""
