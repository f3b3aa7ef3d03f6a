"""Help in lines that a terminal holds, in a script without spaces."""

from kilnpath.commands.common.spoken import broken


def test_wide_signs_take_two_columns_and_keep_their_punctuation() -> None:
    assert broken("求出路徑，並寫出 result.xlsx。", 9) == "\b\n求出路\n徑，並寫\n出\nresult.xlsx。"
    assert broken("一二三（四）", 8) == "\b\n一二三\n（四）"


def test_paragraphs_without_wide_signs_and_those_already_in_lines_stay() -> None:
    kept = "A paragraph that click\nbreaks at spaces.\n\n\b\n名稱：\n  a  寬的字寬的字寬的字"
    assert broken(kept, 10) == kept
