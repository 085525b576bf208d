"""Two days of an invented town's news: one event in three articles and a copy, one in two, and others by themselves."""

from datetime import date

from rag import article

FIRST, SECOND = date(2024, 5, 1), date(2024, 5, 2)

_FERRY = (
    "Two ferries collided off Port Ellery in thick fog on Thursday morning, and 14 passengers were taken to hospital with broken bones. The ferry "
    "Saint Brannock had left the harbour at 7 a.m. with 180 people on board when the Lady Maren, coming from Skerra, struck its bow. Both ships "
    "reached the quay under their own power. The coastguard sent three lifeboats and a helicopter. Harbour master Ines Calder said that the fog "
    "had come in within minutes and that both captains had radar. Inspectors of the maritime safety board boarded the ships in the afternoon. "
    "The company that runs the ferries cancelled all crossings to Skerra until Saturday."
)
_NEWS = [
    ("ferry-herald", "Two ferries collide in fog off Port Ellery", "The Herald", SECOND, _FERRY),
    (
        "ferry-post", "Ferry crash off Port Ellery injures 14", "Evening Post", SECOND,
        ("Fourteen people were injured when the ferries Saint Brannock and Lady Maren crashed into each other in fog off Port Ellery. Passengers "
        "told of a loud bang and of people thrown to the deck. Lifeboats of the coastguard stood by while both ferries came back to the harbour. "
        "Three of the injured are badly hurt, the hospital at Port Ellery said. The maritime safety board is to look into why neither ferry "
        "slowed down in the fog. Crossings to Skerra are cancelled until the weekend."),
    ),
    (
        "ferry-skerra", "Skerra islanders cut off after ferry collision", "Skerra Times", SECOND,
        ("Skerra is cut off from the mainland until Saturday after the island's two ferries, the Saint Brannock and the Lady Maren, collided in "
        "fog near Port Ellery on Thursday. The ferry company cancelled every crossing while the ships are looked at. Of the 14 passengers who "
        "were hurt, six are islanders. The island's shop has food for a week, its owner said. Council leader Tom Asker asked the coastguard to "
        "carry post and medicine."),
    ),
    ("ferry-copy", "Two ferries collide in fog off Port Ellery", "Coast Wire", SECOND, _FERRY.replace("in thick fog", "in dense fog")),
    (
        "library-herald", "Council votes to close three libraries", "The Herald", SECOND,
        ("Port Ellery's council voted on Wednesday night to close three of the town's five libraries. The branches at Mill Lane, Quayside and "
        "Northgate will shut at the end of June. Councillors said that closing the libraries saves 400,000 pounds a year. About 200 people "
        "protested outside the town hall with books in their hands. The vote was 19 to 12."),
    ),
    (
        "library-post", "Protest as town's libraries are to close", "Evening Post", SECOND,
        ("Readers held up books outside the town hall while councillors in Port Ellery decided to shut the libraries at Mill Lane, Quayside and "
        "Northgate. The council wants to save 400,000 pounds a year by closing the three branches in June. A petition to keep the libraries "
        "open has 9,000 names. Two libraries stay open, the central one and that at Eastfield."),
    ),
    (
        "wheat", "Wheat prices fall to a two-year low", "The Herald", SECOND,
        ("Wheat prices fell to their lowest for two years after rain across the plains raised hopes of a large harvest. Traders in Marren said "
        "that buyers expect 30 million tonnes. Farmers have planted more wheat than in any spring since 2015. Bread will hardly become cheaper, "
        "bakers said, since energy and wages cost more than flour."),
    ),
    (
        "comet", "Astronomers find a comet from outside the solar system", "The Herald", FIRST,
        ("Astronomers have found a comet that came from another star. The telescope at Mount Ashby saw it on four nights in April. Its path "
        "shows that it is not bound to the sun. It is the third such visitor that has been seen. The comet will be nearest to the sun in August."),
    ),
    (
        "cup", "Rovers win the cup after extra time", "Evening Post", FIRST,
        ("Ellery Rovers won the cup for the first time since 1961 when Dara Pell scored in extra time. The final against Marren City stood at "
        "one goal each after 90 minutes. Goalkeeper Lou Finch saved a penalty. The team drives through the town on an open bus on Sunday."),
    ),
]  # fmt: skip
ARTICLES = [article(id, title, text, source=source, published=day) for id, title, source, day, text in _NEWS]
