import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus.decoding import decode
from rag.errors import InputError

TEXT = "The café’s owner said “no” – twice."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encodings_that_people_have(encoding):
    assert decode(TEXT.encode(encoding)) == TEXT


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), min_size=1).filter(lambda text: text.strip(" \t\n\r\x0b\x0c"))
)
def test_utf_8_always_reads_as_utf_8(text):
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"%PDF-1.7\n\0\x01\x02 some text", "binary"),
        (b"\xff\xfe\0\0T\0\0\0", "binary"),  # UTF-32: its zeros are no characters of a text
        (b"\xff\xfeT", "not readable"),  # half a character
        ("Привет, как дела".encode("koi8-r"), "not readable"),
        ("ニュースの記事です。".encode("shift_jis"), "not readable"),
        ("Wałęsa powiedział, że związek".encode("cp1250"), "not readable"),
        ("the minister’s aide said “no”".encode("mac-roman"), "not readable"),
        (("it’s €54 million " * 3).encode() + b"caf\xe9", "UTF-8 but for byte 66"),
        (b"text \x81\x8d", "not readable"),  # bytes that Windows-1252 leaves undefined
    ],
)
def test_what_cannot_be_read_for_certain_is_refused(data, reason):
    with pytest.raises(InputError, match=reason):
        decode(data)


JAPANESE = (
    "東京都は二十日、都内の公園で開かれた催しに約三万人が訪れたと発表した。"
    "知事は「来年も続けたい」と述べた。ＮＨＫのニュースによると、参加者の多くは家族連れだった。"
)


@pytest.mark.parametrize("text", [JAPANESE, "名前,年齢,住所\n佐藤太郎,30,東京\n三木英子,25,大阪\n髙橋淳,35,名古屋\n"])
def test_shift_jis_is_read_where_its_letters_are_japanese(text):
    warnings = []
    assert decode(text.encode("cp932"), warnings) == text
    assert "Shift-JIS" in warnings[0]


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("北京市政府昨日宣布，今年将投资三十亿元用于改善公共交通，市民可以通过网络提出意见。专家认为这一措施很重要。", "gbk gb18030"),
        ("臺北市政府昨日宣布，今年將投資三十億元用於改善公共交通，市民可以透過網路提出意見。專家認為這項措施很重要。", "big5 gbk big5hkscs"),
        ("서울시는 어제 올해 대중교통 개선을 위해 삼천억 원을 투자한다고 발표했다. 시민들은 인터넷으로 의견을 낼 수 있다.", "euc_kr cp949 johab"),
        (
            "Городской совет вчера объявил, что вложит три миллиарда рублей в общественный транспорт. НОВОСТИ ГОРОДА, ВСЕ ЛЮДИ",
            "koi8-r cp1251 cp866 iso8859-5",
        ),
        ("Ο δήμος ανακοίνωσε χθες ότι θα επενδύσει τρία δισεκατομμύρια ευρώ στις συγκοινωνίες.", "cp1253 cp737 cp869 mac-greek"),
        ("Le café de l’été, où l’on a dîné, était fermé à l’aube ; l’œuvre naïve, l’âme, l’hôte, l’île.", "cp850 mac-roman"),
        (JAPANESE, "euc_jp"),
        ("ﾄｳｷｮｳﾄﾊﾊﾂｶ、ﾓﾖｵｼﾆｻﾝﾏﾝﾆﾝｶﾞｵﾄｽﾞﾚﾀﾄﾊｯﾋﾟｮｳｼﾀ。", "cp932"),
    ],
)
def test_nothing_else_is_taken_for_shift_jis(text, encodings):
    for encoding in encodings.split():
        with pytest.raises(InputError, match="not readable"):
            decode(text.encode(encoding, errors="ignore"))
