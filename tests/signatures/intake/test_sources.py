"""Every source gives its items one by one, with a ref to find each again."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.exporters.csv import iter_chunks
from signatures.exporters.rows import ExportRow
from signatures.intake.items import Item, SourceError
from signatures.intake.mailboxes import TOO_LARGE
from signatures.intake.sources import open_source

POSTMARK = b"From jane@example.org Mon Jun  6 10:00:00 2011\n"
MAIL = b"From: jane@example.org\nSubject: sign\n\nName: Jane Roe\n"
ROW = {"name": "Jane Roe", "residence": "Oslo", "occupation": "cook", "email": "jane@example.org"}


def items(path: Path) -> list[Item]:
    return list(open_source(path))


def rows(path: Path) -> list[dict[str, str] | None]:
    return [item.row for item in open_source(path)]


class TestMbox:
    def test_each_message_has_its_bytes_and_its_offset(self, tmp_path: Path) -> None:
        box = tmp_path / "box"
        box.write_bytes(POSTMARK + MAIL + b"\n" + POSTMARK + MAIL)

        found = items(box)

        assert [item.ref for item in found] == ["box:0", f"box:{len(POSTMARK + MAIL) + 1}"]
        assert [(item.data or b"").rstrip() for item in found] == [MAIL.rstrip()] * 2

    def test_from_at_a_line_of_the_body_is_no_postmark(self, tmp_path: Path) -> None:
        body = b"\nFrom Oslo with love\n\n>From here\n>>From there\nx From y\n"
        box = tmp_path / "box.mbox"
        box.write_bytes(POSTMARK + MAIL + body)

        (item,) = items(box)

        assert item.data == MAIL + b"\nFrom Oslo with love\n\nFrom here\n>From there\nx From y\n"

    def test_crlf_and_a_missing_end_of_line_are_read(self, tmp_path: Path) -> None:
        box = tmp_path / "box"
        box.write_bytes(
            (POSTMARK + MAIL + b"\n" + POSTMARK + b"a: b\n\nlast").replace(b"\n", b"\r\n")
        )

        assert [item.data for item in items(box)][1] == b"a: b\r\n\r\nlast"

    def test_a_message_of_50_mb_is_named_and_the_rest_comes_through(self, tmp_path: Path) -> None:
        box = tmp_path / "box"
        with box.open("wb") as file:
            file.write(POSTMARK + MAIL + b"\n" + POSTMARK + b"a: b\n\n")
            for _ in range(50):
                file.write(b"x" * 1024 * 1024)
            file.write(b"\n\n" + POSTMARK + MAIL)
        tracemalloc.start()

        found = items(box)

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [item.problem for item in found] == ["", TOO_LARGE, ""]
        assert peak < 20 * 1024 * 1024

    def test_memory_stays_flat_over_many_messages(self, tmp_path: Path) -> None:
        box = tmp_path / "box"
        with box.open("wb") as file:
            for _ in range(20_000):
                file.write(POSTMARK + MAIL + b"\n")
        tracemalloc.start()

        count = sum(1 for _ in open_source(box))

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 20_000
        assert peak < 2 * 1024 * 1024

    def test_an_empty_file_called_mbox_has_no_items(self, tmp_path: Path) -> None:
        box = tmp_path / "empty.mbox"
        box.write_bytes(b"")

        assert items(box) == []


class TestFolders:
    def test_a_maildir_is_read_from_cur_and_new_and_left_as_it_is(self, tmp_path: Path) -> None:
        for folder in ("cur", "new", "tmp"):
            (tmp_path / folder).mkdir()
        (tmp_path / "cur" / "2.host:2,S").write_bytes(MAIL + b"2")
        (tmp_path / "cur" / "1.host:2,RS").write_bytes(MAIL + b"1")
        (tmp_path / "new" / "3.host").write_bytes(MAIL + b"3")
        (tmp_path / "tmp" / "4.host").write_bytes(MAIL + b"4")

        found = items(tmp_path)

        assert [(item.ref, (item.data or b"")[-1:]) for item in found] == [
            ("1.host", b"1"),
            ("2.host", b"2"),
            ("3.host", b"3"),
        ]
        assert (tmp_path / "new" / "3.host").exists()

    def test_a_folder_of_eml_is_read_with_the_folders_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "2.EML").write_bytes(MAIL)
        (tmp_path / "1.eml").write_bytes(MAIL)
        (tmp_path / "notes.txt").write_text("no mail")

        assert [item.ref for item in items(tmp_path)] == ["1.eml", "b/2.EML"]

    def test_a_large_file_and_a_folder_in_disguise_are_problems(self, tmp_path: Path) -> None:
        (tmp_path / "1.eml").mkdir()
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "2.eml").symlink_to(tmp_path)
        with (tmp_path / "3.eml").open("wb") as file:
            file.truncate(6 * 1024 * 1024)

        found = items(tmp_path)

        assert {item.ref: item.problem for item in found if item.problem} == {"3.eml": TOO_LARGE}

    def test_one_eml_is_one_item(self, tmp_path: Path) -> None:
        (tmp_path / "one.eml").write_bytes(MAIL)

        assert items(tmp_path / "one.eml") == [Item("one.eml", MAIL)]


class TestCsv:
    @pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_charset_and_delimiter_are_found_by_looking(
        self, tmp_path: Path, charset: str, mark: str
    ) -> None:
        table = [["姓名", "居住地", "职业", "邮箱"], ["林秀梅", "福建泉州", "教师", ""]]
        file = tmp_path / "list.csv"
        file.write_bytes("\r\n".join(mark.join(row) for row in table).encode(charset))

        (item,) = items(file)

        assert item.ref == "list.csv:2"
        assert item.row == {
            "name": "林秀梅",
            "residence": "福建泉州",
            "occupation": "教师",
            "email": "",
        }

    @pytest.mark.parametrize(
        "header",
        [
            "Name,Place of Residence,Occupation,Email (optional)",
            "Full name,City,Profession,E-mail address",
            "ФИО,Город,Род занятий,Эл. почта",
            "Nom et prénom,Ville,Métier,Courriel",
            "Nombre,Lugar de residencia,Ocupación,Correo electrónico",
            "الاسم,مكان الإقامة,المهنة,البريد الإلكتروني",
            "Name*,Residence/居住地,職業,Email:",
        ],
    )
    def test_columns_are_known_in_six_languages(self, tmp_path: Path, header: str) -> None:
        file = tmp_path / "list.csv"
        file.write_text(f"{header}\nJane Roe,Oslo,cook,jane@example.org\n")

        assert rows(file) == [ROW]

    def test_columns_stand_in_any_order_among_others(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text(
            "No;Email;Country;Phone;City;Last name;First name;Job\n"
            "1;jane@example.org;Norway;555;Oslo;Roe;Jane;cook\n"
        )

        assert rows(file) == [{**ROW, "name": "Jane Roe", "residence": "Norway, Oslo"}]

    def test_a_title_above_the_header_is_passed_over(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text("Sheet 12 of the vigil\n\nName,Residence\nJane Roe,Oslo\n")

        assert [item.ref for item in items(file)] == ["list.csv:4"]

    def test_quoted_cells_may_hold_delimiters_and_lines(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text('Name,Residence,Job\n"Roe, Jane","Oslo\nNorway",cook\nB,Rome,poet\n')

        found = items(file)

        assert [item.ref for item in found] == ["list.csv:3", "list.csv:4"]
        assert found[0].row == {
            **ROW,
            "name": "Roe, Jane",
            "residence": "Oslo\nNorway",
            "email": "",
        }

    def test_empty_and_endless_rows_are_problems_of_their_own(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text("Name,Residence\n,\n" + "x" * 1_000_000 + "\nJane Roe,Oslo\n")

        found = items(file)

        assert found[0].problem == "an empty row"
        assert found[-1].row == {**ROW, "occupation": "", "email": ""}

    @pytest.mark.parametrize(
        "rest",
        [
            '"Open Quote,Oslo,nurse,\nB,Rome,poet,\n',
            '"Open Quote,Oslo,nurse,\nB "Bee",Rome,poet,\n',
            '"Open Quote,Oslo,nurse,\nB 5",Rome,poet,\n',
        ],
        ids=["to the end", "to a quotation", "to a stray mark"],
    )
    def test_a_quotation_without_its_end_swallows_nobody(self, tmp_path: Path, rest: str) -> None:
        file = tmp_path / "list.csv"
        file.write_text(f"Name,Residence,Job,Email\nA,Oslo,cook,\n{rest}")

        found = items(file)

        sentence = "lines 3 to 4 were not read: a quotation mark is missing or in the wrong place"
        assert [(item.ref, item.problem) for item in found] == [
            ("list.csv:2", ""),
            ("list.csv:3", sentence),
        ]

    def test_rows_behind_a_misquoted_one_are_read(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text('Name,Residence\n"Jane" Roe,Oslo\nB,Rome\n')

        first, second = items(file)

        assert first.problem == (
            "line 2 was not read: a quotation mark is missing or in the wrong place"
        )
        assert (second.row or {})["name"] == "B"

    def test_a_header_that_comes_again_is_nobody(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text("Name,Residence\nJane Roe,Oslo\nname,Residence\nName,Rome\n")

        found = items(file)

        assert [item.problem for item in found] == ["", "the header row again", ""]

    @pytest.mark.parametrize(
        "cell", ["=cmd|calc", "＝full", "'t Hooft", "'Apos", "5; 'x", "'", "-", "@handle", "N/A"]
    )
    def test_a_cell_is_taken_as_it_is(self, tmp_path: Path, cell: str) -> None:
        file = tmp_path / "list.csv"
        file.write_text(f"Name,Residence\n{cell},{cell}\n")

        assert rows(file) == [{"name": cell, "residence": cell, "occupation": "", "email": ""}]

    @given(cells=st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2))
    def test_what_our_export_wrote_is_read_back(self, cells: list[str]) -> None:
        name, residence = (" ".join(cell.split())[:200] for cell in ["Jane" + cells[0], cells[1]])
        row = ExportRow(1, name, residence, "=1+1", "", date(2011, 6, 4), "", "web")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "list.csv"
            file.write_bytes(b"".join(iter_chunks([row])))

            (read,) = rows(file)

        assert read is not None
        assert (read["name"], read["residence"].strip()) == (name.strip(), residence.strip())
        assert read["occupation"] == "=1+1"

    def test_a_table_without_a_name_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "list.csv"
        file.write_text("City,Job\nOslo,cook\n")

        with pytest.raises(SourceError, match="no header row with a column for the name"):
            open_source(file)


class TestXlsx:
    def save(self, path: Path, *table: Sequence[object]) -> Path:
        book = openpyxl.Workbook()
        for row in table:
            book.worksheets[0].append(list(row))
        book.save(path)
        return path

    def test_rows_come_with_sheet_and_number(self, tmp_path: Path) -> None:
        header = ["姓名", "居住地", "职业", "Email"]
        file = self.save(
            tmp_path / "l.xlsx", header, ["Jane Roe", "Oslo", "cook", "jane@example.org"]
        )

        assert items(file) == [Item("l.xlsx:Sheet:2", row=ROW)]

    def test_a_formula_is_never_taken_for_text(self, tmp_path: Path) -> None:
        file = self.save(tmp_path / "l.xlsx", ["Name", "Residence"], ["=1+1", "Oslo"])

        assert rows(file) == [{"name": "", "residence": "Oslo", "occupation": "", "email": ""}]

    def test_sheets_without_names_are_passed_over(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0].append(["Notes"])
        book.create_sheet("People").append(["Name", "City"])
        book["People"].append(["Jane Roe", "Oslo"])
        book.save(tmp_path / "l.xlsx")

        assert [item.ref for item in items(tmp_path / "l.xlsx")] == ["l.xlsx:People:2"]

    def test_a_zip_bomb_is_refused_before_it_is_opened(self, tmp_path: Path) -> None:
        file = tmp_path / "bomb.xlsx"
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/worksheets/sheet1.xml", "w") as member,
        ):
            for _ in range(201):
                member.write(b"\0" * 1024 * 1024)

        with pytest.raises(SourceError, match="more than 200 MB"):
            open_source(file)

    def test_a_zip_that_is_no_table_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "x.xlsx"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "no table")

        with pytest.raises(SourceError, match="not a readable XLSX file"):
            open_source(file)

    def test_a_table_without_a_name_is_refused(self, tmp_path: Path) -> None:
        file = self.save(tmp_path / "l.xlsx", ["City"], ["Oslo"])

        with pytest.raises(SourceError, match="column for the name"):
            open_source(file)


class TestUnknown:
    def test_what_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match=r"nothing\.csv does not exist"):
            open_source(tmp_path / "nothing.csv")

    def test_an_empty_folder_is_no_source(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="neither a Maildir nor a folder"):
            open_source(tmp_path)

    def test_a_picture_is_no_source(self, tmp_path: Path) -> None:
        (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n")

        with pytest.raises(SourceError, match=r"not an mbox, \.eml, CSV or XLSX file"):
            open_source(tmp_path / "scan.png")
