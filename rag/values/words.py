"""Lists of words that several readers of values share."""

DETERMINERS = frozenset("the its their his her our these those this that such".split())
# What stands between "of" and what it is a part of.
WHOLES = DETERMINERS | frozenset("them which whom whose all".split())
STOP = DETERMINERS | frozenset(
    (
        "a an and or but nor for of in on at by to from with without within into onto over under about after before since until till than as per "
        "is are was were be been being has have had having do does did will would can could may might must shall should not no that which who whom "
        "whose when where while if because so also were it he she they we you i them him us there here then now say says said saying told tells "
        "reports reported according during across against between among through near outside inside around up down off out away ago earlier later "
        "each every both all any once twice times only just still even including because despite amid remains continues means makes takes goes"
    ).split()
)
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday".split())
MORE = frozenset("more additional extra further".split())
FORMER = frozenset("previous previously earlier initial initially original originally preliminary former ex".split())
PERIODS = frozenset("second minute hour day week month year decade century night season quarter".split())
CHANGES = frozenset(
    (
        "rose rise rises risen rising fell fall falls fallen falling grew grow grows grown growing increased increase increases increasing dropped "
        "drop drops dropping cut cuts cutting raised raise raises raising jumped jump jumps climbed climb climbs went gone declined decline declines "
        "up down doubled tripled revised upgraded lowered expanded shrank shrunk widened reduced soared surged plunged"
    ).split()
)
