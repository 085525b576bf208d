"""English words by what they are, each list once: closed classes, times and numerals, what stands for people, bodies, documents, places.

All are in lower case. Where two rules want lists that differ, both stand here under names that say what each is for.
"""

# --- closed classes ---
ARTICLES = frozenset("the a an".split())
DEMONSTRATIVES = frozenset("this that these those".split())
OWNERS = frozenset("its his her their our".split())
PERSONAL = frozenset("i you he she it we they me him us them".split())
ASKING = frozenset("how what when where which who whom whose why".split())
BE = frozenset("is are was were".split())
BEING = frozenset("be been being".split())
HAVE = frozenset("has have had".split())
DO = frozenset("do does did".split())
MODALS = frozenset("can could may might must shall should will would".split())
# what may stand before another verb
AUXILIARIES = BE | HAVE | DO | MODALS
SAY = frozenset("said says say".split())
AMOUNTS = frozenset("many much".split())
# what is asked for by "how" and one of these
SIZES = frozenset("long old far tall big fast high deep large often heavy wide strong soon late early hot cold".split())
# short forms that stand before a name, with a full stop after them or not
ADDRESSES = tuple(
    "Mr Mrs Ms Mx Dr Gen Sen Gov Rep Lt Col Sgt Capt Prof Rev Abp Adm Ald Amb Assoc Asst Atty Brig Cdr Cllr Cmdr Comm Commr Cong Const Coun Cpl Dep "
    "Det Dir Dpty Eng Hon Insp Lieut Maj Messrs Mlle Mme Mmes Msgr Ofc Pres Pte Pvt Sra Srta Supt Treas Ven".split()
)

# --- short forms, without their full stop; those without a vowel are known by that ---
# of bodies, places and given names, before a name
BEFORE_NAMES = frozenset("assn chas cos geo govt intl jas jos natl pty robt sta ste thos univ".split())
# before a number, a numeral or a letter that says which, with an s for several
BEFORE_NUMBERS = frozenset(
    "amend app apt art avg bwv chap cor def deg doc ed eq eqn equ est ex fig fol hwy lem max min para pop prob prop ref rte sched sec sect ser ste "
    "supp tab tel temp vol".split()
)
# of a company, after the rest of its name
COMPANY_FORMS = frozenset("co corp inc llc llp ltd plc pty".split())
# these end no sentence
NEVER_LAST = frozenset("approx cf excl incl".split())

# --- times and numerals ---
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
MONTH_NAMES = tuple("january february march april may june july august september october november december".split())
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
# days by a name of their own, for values; and with the months, for names
NEAR_DAYS = WEEKDAYS | {"today", "yesterday"}
CALENDAR = NEAR_DAYS | frozenset(MONTHS)
# what says when, for phrases: names no one, with a capital or without
TIMES = (
    NEAR_DAYS
    | frozenset(MONTH_NAMES)
    | frozenset(
        "sept oct nov dec tomorrow tonight morning afternoon evening night week month year weekend earlier "
        "later recently now then ago spring summer autumn winter noon".split()
    )
)
_ONE_TO_NINETEEN = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
CARDINALS = {word: value for value, word in enumerate(_ONE_TO_NINETEEN.split(), 1)}
TENS = {word: value for value, word in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_ONE_TO_SIX = frozenset(list(CARDINALS)[:6])

# --- for phrases: speakers, and what a sentence leans on ---
DETERMINERS = ARTICLES | DEMONSTRATIVES | OWNERS | _ONE_TO_SIX | frozenset("my some many several both most another all".split())
PREPOSITIONS = frozenset(
    "of for at with from in on by to into about against over under near between among after before during through within across inside outside "
    "per via since until without towards toward upon than like including".split()
)
# no word of a name or of a noun phrase
STOPS = (
    ASKING
    | AUXILIARIES
    | BEING
    | PERSONAL
    | frozenset(
        "and or but nor so yet if while because although though whereas as unless whether that there here am not never himself herself themselves "
        "itself however meanwhile also too still just even only again instead later then once very more most much up down "
        "out off back away".split()
    )
)
NAMELESS = STOPS | DETERMINERS | PREPOSITIONS

# --- for values: what a number counts ---
# what stands between "of" and what it is a part of
DEFINITE = DEMONSTRATIVES | OWNERS | {"the", "such"}
# what ends the phrase of the counted
NOT_COUNTED = (
    DEFINITE
    | ARTICLES
    | ASKING
    | AUXILIARIES
    | BEING
    | SAY
    | (PERSONAL - {"me"})
    | (PREPOSITIONS - {"like", "toward", "towards", "via"})
    | frozenset(
        "and or but nor onto till as having not no while if because so also there here then now saying told tells reports reported according around "
        "up down off out away ago earlier later each every both all any once twice times only just still even despite amid remains continues means "
        "makes takes goes".split()
    )
)

# --- people, bodies, documents, places ---
# with "man", "woman" and "person" after them
_OFFICES = "spokes chair congress council police fisher business sales".split()
WOMEN = frozenset("wife sister daughter mrs ms miss mother actress queen princess duchess".split()) | {f"{office}woman" for office in _OFFICES}
MEN = frozenset("husband brother son mr sir father actor king prince duke".split()) | {f"{office}man" for office in _OFFICES}
_ROLES = (
    "adviser advisor agent aide ambassador analyst architect artist athlete attorney author banker biologist bishop boss broker captain cardinal "
    "ceo cfo chair chancellor chief clerk coach columnist commander commentator commissioner consultant coordinator coroner "
    "correspondent councillor counselor creator critic cyclist dean defendant delegate democrat deputy designer detective developer "
    "diplomat director doctor driver economist editor employee engineer envoy epidemiologist executive expert farmer father filmmaker firefighter "
    "founder co-founder friend general governor head historian host investigator investor journalist judge justice king lawmaker lawyer leader "
    "lecturer legislator lieutenant librarian lobbyist manager master mayor meteorologist minister monk mother musician negotiator neighbor "
    "neighbour nurse officer official operator opponent organizer organiser owner pastor patient photographer physician pilot player plaintiff "
    "politician pope premier president priest prince princess principal producer professor prosecutor protester psychologist queen "
    "regulator reporter representative republican researcher resident scholar scientist secretary senator sergeant sheriff shopper "
    "skipper soldier source speaker specialist strategist student supporter surgeon survivor suspect teacher technician trader treasurer veteran "
    "victim vice-president warden winner witness woman man worker writer publisher actor actress activist advocate campaigner mp superintendent "
    "trainer buyer seller customer tourist traveler passenger parent sister brother daughter son wife husband widow"
).split()
PERSONS = frozenset(_ROLES) | {f"{office}{one}" for office in _OFFICES for one in ("man", "woman", "person")}
MANY = (
    frozenset(f"{role}s" for role in _ROLES)
    | {f"{office}{some}" for office in (*_OFFICES, "") for some in ("men", "women")}
    | frozenset(
        "police people men women authorities children families clergy staff secretaries forecasters pollsters others militants rebels".split()
    )
)
BODIES = COMPANY_FORMS | frozenset(
    "academy administration agency airline airlines airport alliance archive army association assembly authority bank board brand broadcaster "
    "bureau cabinet campaign carmaker center centre chain charity church city club coalition coastguard college commission committee company "
    "congress consortium corporation council country county court defence defense department desk district division embassy factory federation "
    "firm force foundation fund government group guard hospital house industry institute institution jury laboratory lab league legislature "
    "manufacturer maker magazine ministry mission movement museum nation navy network newspaper ngo office operator opposition park "
    "organisation organization outlet paper parliament party platform programme project prosecution publication regime region "
    "restaurant retailer school senate service services society startup state station store studio supplier syndicate team think-tank tank "
    "treasury tribunal union university venture watchdog website zoo times post news journal herald tribune press media radio "
    "tv pentagon kremlin police nato reuters bloomberg un eu us u.s. uk".split()
)
# what someone counts or reckons, which speaks only under that one's name
FIGURES = frozenset("count estimate estimates figures forecast statistics tally".split())
_DOCUMENTS = (
    "account advisory affidavit analysis announcement article audit bill biography book briefing bulletin charge claim column complaint "
    "conclusion data dispatch document filing finding guidance guideline headline indictment information interview invitation investigation "
    "judgment lawsuit leaflet letter list manual memo memorandum message monitor note notice obituary paper page poll poster prospectus "
    "readout record release report research review rule ruling sign statement story studies study summary suit survey testimony text timeline "
    "transcript tweet update verdict version website email e-mail post"
).split()
DOCUMENTS = FIGURES | frozenset(_DOCUMENTS) | {f"{document}s" for document in _DOCUMENTS}
COUNTRIES = frozenset(
    "afghanistan argentina australia austria bangladesh beijing belarus belgium berlin brazil britain brussels bulgaria cambodia canada chile "
    "china colombia croatia cuba cyprus czechia denmark egypt england estonia ethiopia europe finland france gaza germany ghana greece hungary "
    "iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kenya kosovo kuwait kyiv laos latvia lebanon libya lithuania "
    "london luxembourg madrid malaysia malta mexico moldova mongolia morocco moscow myanmar nepal netherlands nigeria norway oman pakistan "
    "palestine panama paris peru philippines poland portugal qatar romania russia rwanda scotland serbia singapore slovakia slovenia somalia "
    "spain sudan sweden switzerland syria taiwan tanzania tehran thailand tokyo tunisia turkey uganda ukraine uruguay venezuela vietnam wales "
    "washington yemen zambia zimbabwe america africa asia alabama alaska arizona arkansas california colorado connecticut delaware florida "
    "georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri "
    "montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming chicago boston".split()
)
PLACE_STARTS = frozenset("north south east west new united saint san los las st. el hong sri saudi costa puerto".split())
# any of these stands for someone who can act
SOMEONE = PERSONS | MANY | BODIES

# --- verbs that can say who speaks ---
SPEAKING = SAY | frozenset(
    "told tells denied denies deny claimed claims claim warned warns warn argued argues argue alleged alleges allege insisted insists insist "
    "asserted asserts contended contends tweeted quipped".split()
)
# past tenses that do not end in -ed
PASTS = frozenset(
    "met left took made gave got went came won lost held ran spoke stood sat saw sent built sold bought brought began led kept became wore drove "
    "shot put cut hit quit set let fell rose fought paid knew thought felt heard wrote drew grew found read swore sang wept foresaw "
    "shook bent hung rang slid".split()
)
# what can say who speaks with neither a quotation nor a "that" beside it
COMMENTING = frozenset(
    base + ending
    for base in "acknowledge add admit advise agree announce believe conclude confirm determine estimate explain joke note observe reason recall "
    "recount remember report reveal suggest".split()
    for ending in ("", "s", "d", "ed")
) | frozenset("finds find found writes wrote reads ruled show showed stated".split())
# how the verbs begin that go before "that" without telling it
UNTOLD = tuple("ensur mean made mak requir prov knew know goes came surfac learn realiz remain heard saw sees showing indicating suggesting".split())
