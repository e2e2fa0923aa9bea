"""What the people of the invented town write about: sentences in three languages, with places for names and times.

A name stands for `{}`, a time for `<>`. Nobody and nothing here is real; names are made of syllables (`languages`).
"""

from __future__ import annotations

from dataclasses import dataclass

TOPICS = 8
"""Bridge, tram, bakery, market, choir, boats, river, library: in this order in every language."""


@dataclass(frozen=True)
class Phrases:
    """One language. claims: CLAIMS sentences for each topic, a name in each; details: a name and a time in each;
    openers, comments and closers: what an author says by habit; topics, aspects: a hashtag is one of each."""

    code: str
    claims: tuple[tuple[str, ...], ...]
    comments: tuple[str, ...]
    details: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]
    topics: tuple[str, ...]
    aspects: tuple[str, ...]
    digits: str = "0123456789"


ENGLISH = Phrases(
    "en",
    (
        (
            "The council wants to paint the {} bridge dark green.",
            "Somebody has tried three shades of blue on the {} bridge.",
            "The painters at the {} bridge have run out of yellow again.",
            "The old photographs show that the {} bridge was once red.",
            "A child in {} street has drawn the bridge in all colours at once.",
            "The railing near {} is half grey and half orange now.",
            "The vote on the colour of the {} bridge is on Sunday.",
            "The lamps on the {} bridge make every colour look brown.",
        ),
        (
            "The tram to {} now leaves four minutes earlier.",
            "The new timetable at {} square is printed upside down.",
            "Line 3 stops twice at {} and nobody knows why.",
            "The tram driver on the {} line rings the bell for every dog.",
            "The last tram from {} waits for the cinema to end.",
            "They have put a bench at the {} stop at last.",
            "The night tram past {} is nearly always empty.",
            "The tram to {} was on time three days running.",
        ),
        (
            "The baker in {} street has won the prize for the best roll.",
            "The jury tasted forty loaves at {} and fell asleep.",
            "The poppy-seed cake from {} came second by one crumb.",
            "The queue at the {} bakery goes round the corner.",
            "The {} bakery sells yesterday's rolls as croutons.",
            "The prize loaf from {} weighs more than my cat.",
            "Rye or wheat: the {} bakery has put up a ballot box.",
            "The apprentice at {} has invented a square bun.",
        ),
        (
            "The market at {} has moved to the shady side.",
            "The apples from {} are as small as cherries this year.",
            "The cheese man from {} gives everyone a taste.",
            "Somebody left a blue umbrella at the {} stall.",
            "The flower stall at {} has only tulips today.",
            "The honey from {} has a new label with a bear.",
            "A goose walked through the market at {} and was polite.",
            "The second-hand stall at {} has my old teapot.",
        ),
        (
            "The choir at {} is looking for two more basses.",
            "The brass band of {} practises with the windows open.",
            "The organ in {} church has a mouse in it.",
            "The choir will sing the {} song on the steps.",
            "The accordion player of {} knows four tunes.",
            "The concert at {} begins with a very long drum.",
            "The children's choir from {} has learned a round.",
            "The piano at {} station is in tune again.",
        ),
        (
            "The rowing club of {} has a new boat with an old name.",
            "The regatta at {} was won by the lighter crew.",
            "The duck race near {} had one real duck in it.",
            "The {} ferry carries bicycles for nothing on Mondays.",
            "The boathouse at {} is being painted by volunteers.",
            "The swimmers from {} crossed the river and came back.",
            "The paper-boat contest at {} ended under water.",
            "The oldest barge, the {}, has become a café.",
        ),
        (
            "The river at {} is one hand higher than last week.",
            "The fog over {} did not lift before noon.",
            "The first storks have come back to {}.",
            "The rain stopped exactly at the {} border stone.",
            "The weather vane on {} tower points at itself.",
            "The wind has turned all the chairs at {} round.",
            "A rainbow stood over {} for a whole hour.",
            "The ice cream shop at {} opens in spite of the snow.",
        ),
        (
            "The library at {} lends out garden tools now.",
            "The reading room in {} has a new green lamp.",
            "Somebody returned a book to {} after thirty years.",
            "The library cat of {} sleeps on the atlases.",
            "The book club at {} is reading the same book again.",
            "The shelf of maps at {} has been put in order.",
            "The bookmobile stops at {} on Thursdays.",
            "The crossword in the {} reading room is already solved.",
        ),
    ),
    (
        "I rather like it.", "My neighbour is against it.", "It could be worse.", "We talked about it at lunch.",
        "I had expected something else.", "My grandmother says it was always so.", "The dog agrees.",
        "I would have asked first.", "It made my morning.", "The children are delighted.", "Nobody asked the pigeons.",
        "I am still thinking about it.", "That is how it goes here.", "I have seen it with my own eyes.",
        "It is the talk of the street.", "Next year we shall laugh about it.",
    ),
    (
        "I walked past with {} at <>.", "{} told me so at <>.", "The meeting is at {} house at <>.",
        "More about it at the {} kiosk from <>.", "Seen from the {} window at <>.", "{} has a photograph from <>.",
        "We meet at {} corner at <>.", "The bell of {} struck and it was <>.", "Ask {} who was there until <>.",
        "I missed it by a minute, {} came at <>.", "There was tea with {} at <>.", "It says <> on the clock of {}.",
    ),
    (
        "Good morning!", "Dear neighbours,", "Well:", "Small news:", "Honestly,", "A question:", "From my window:",
        "Just heard:", "For once:", "Oh dear.", "Listen:", "By the way:",
    ),
    (
        "What do you think?", "That is all.", "See you there.", "Kind regards.", ":)", "More tomorrow.", "Pass it on.",
        "Or am I wrong?", "Enough for today.", "Ha!", "Take care.", "So much for that.",
    ),
    ("Bridge", "Tram", "Bakery", "Market", "Choir", "Boats", "River", "Library"),
    ("Today", "News", "Plan", "Photo", "Friends", "Question", "Morning", "Evening", "Vote", "Prize", "Corner", "Story"),
)  # fmt: skip

GERMAN = Phrases(
    "de",
    (
        (
            "Der Rat will die Brücke bei {} dunkelgrün streichen.",
            "An der Brücke von {} hängen drei Proben in Blau.",
            "Den Malern an der Brücke bei {} ist wieder das Gelb ausgegangen.",
            "Auf alten Bildern ist die Brücke bei {} rot.",
            "Ein Kind aus der Gasse {} hat die Brücke ganz bunt gemalt.",
            "Das Geländer bei {} ist nun halb grau und halb orange.",
            "Am Sonntag wird über die Farbe der Brücke bei {} abgestimmt.",
            "Unter den Laternen bei {} sieht jede Farbe braun aus.",
        ),
        (
            "Die Straßenbahn nach {} fährt jetzt vier Minuten früher.",
            "Der neue Fahrplan am Platz {} hängt verkehrt herum.",
            "Die Linie 3 hält zweimal in {} und niemand weiß warum.",
            "Der Fahrer der Bahn nach {} klingelt für jeden Hund.",
            "Die letzte Bahn aus {} wartet auf das Ende des Films.",
            "An der Haltestelle {} steht endlich eine Bank.",
            "Die Nachtbahn über {} ist fast immer leer.",
            "Die Bahn nach {} war drei Tage lang pünktlich.",
        ),
        (
            "Der Bäcker in der Gasse {} hat den Preis für die beste Semmel.",
            "Die Jury hat in {} vierzig Brote gekostet und schläft nun.",
            "Der Mohnkuchen aus {} wurde um einen Krümel Zweiter.",
            "Die Schlange vor der Bäckerei {} reicht um die Ecke.",
            "Die Bäckerei {} verkauft Semmeln von gestern als Würfel.",
            "Das Siegerbrot aus {} wiegt mehr als meine Katze.",
            "Roggen oder Weizen: die Bäckerei {} lässt abstimmen.",
            "Der Lehrling in {} hat ein eckiges Brötchen erfunden.",
        ),
        (
            "Der Markt in {} ist auf die Schattenseite gezogen.",
            "Die Äpfel aus {} sind heuer klein wie Kirschen.",
            "Der Käsemann aus {} lässt alle kosten.",
            "Am Stand von {} liegt noch ein blauer Schirm.",
            "Der Blumenstand in {} hat heute nur Tulpen.",
            "Der Honig aus {} hat ein neues Bild mit Bär.",
            "Eine Gans ging über den Markt von {} und war höflich.",
            "Der Trödler in {} hat meine alte Teekanne.",
        ),
        (
            "Der Chor in {} sucht noch zwei Bässe.",
            "Die Blaskapelle von {} probt bei offenem Fenster.",
            "In der Orgel von {} wohnt eine Maus.",
            "Der Chor singt das Lied von {} auf der Treppe.",
            "Der Akkordeonspieler von {} kann vier Lieder.",
            "Das Konzert in {} beginnt mit einer sehr langen Trommel.",
            "Der Kinderchor aus {} hat einen Kanon gelernt.",
            "Das Klavier am Bahnhof {} ist wieder gestimmt.",
        ),
        (
            "Der Ruderverein {} hat ein neues Boot mit altem Namen.",
            "Die Regatta bei {} gewann die leichtere Mannschaft.",
            "Beim Entenrennen in {} schwamm eine echte Ente mit.",
            "Die Fähre nach {} nimmt montags Räder umsonst mit.",
            "Das Bootshaus in {} wird von Freiwilligen gestrichen.",
            "Die Schwimmer aus {} waren drüben und sind zurück.",
            "Der Wettbewerb der Papierboote in {} endete unter Wasser.",
            "Aus dem ältesten Kahn, der {}, wird ein Café.",
        ),
        (
            "Der Fluss steht in {} eine Hand höher als letzte Woche.",
            "Der Nebel über {} hob sich erst am Mittag.",
            "Die ersten Störche sind zurück in {}.",
            "Der Regen hörte genau am Grenzstein von {} auf.",
            "Die Wetterfahne auf dem Turm {} zeigt auf sich selbst.",
            "Der Wind hat in {} alle Stühle umgedreht.",
            "Ein Regenbogen stand eine Stunde über {}.",
            "Das Eiscafé in {} öffnet trotz des Schnees.",
        ),
        (
            "Die Bücherei in {} verleiht jetzt Gartengeräte.",
            "Der Lesesaal in {} hat eine neue grüne Lampe.",
            "Jemand hat in {} ein Buch nach dreißig Jahren zurückgebracht.",
            "Die Katze der Bücherei {} schläft auf den Atlanten.",
            "Der Lesekreis in {} liest noch einmal dasselbe Buch.",
            "Das Regal mit den Karten in {} ist aufgeräumt.",
            "Der Bücherbus hält donnerstags in {}.",
            "Das Kreuzworträtsel im Lesesaal {} ist schon gelöst.",
        ),
    ),
    (
        "Mir gefällt es eigentlich.", "Mein Nachbar ist dagegen.", "Es könnte schlimmer sein.",
        "Beim Essen haben wir darüber geredet.", "Ich hatte etwas anderes erwartet.",
        "Meine Großmutter sagt, es war immer so.", "Der Hund ist einverstanden.", "Ich hätte vorher gefragt.",
        "Der Morgen ist gerettet.", "Die Kinder sind begeistert.", "Die Tauben hat niemand gefragt.",
        "Ich denke noch darüber nach.", "So ist das hier eben.", "Ich habe es selbst gesehen.",
        "Die ganze Straße spricht davon.", "Nächstes Jahr lachen wir darüber.",
    ),
    (
        "Ich ging mit {} um <> vorbei.", "{} hat es mir um <> erzählt.", "Das Treffen ist bei {} um <>.",
        "Mehr davon am Kiosk {} ab <>.", "Vom Fenster bei {} aus gesehen, um <>.", "{} hat ein Bild von <>.",
        "Wir treffen uns um <> an der Ecke {}.", "Die Glocke von {} schlug, es war <>.",
        "Fragt {}, bis <> war er dort.",
        "Ich kam zu spät, {} war um <> da.", "Um <> gab es Tee mit {}.", "Auf der Uhr von {} ist es <>.",
    ),
    (
        "Guten Morgen!", "Liebe Nachbarn,", "Also:", "Kleine Meldung:", "Ehrlich gesagt:", "Eine Frage:",
        "Vom Fenster aus:", "Eben gehört:", "Ausnahmsweise:", "Ach je.", "Hört zu:", "Übrigens:",
    ),
    (
        "Was meint ihr?", "Das war alles.", "Bis dann.", "Schöne Grüße.", ";)", "Morgen mehr.", "Weitersagen.",
        "Oder irre ich mich?", "Genug für heute.", "Na so was!", "Macht es gut.", "So viel dazu.",
    ),
    ("Brücke", "Bahn", "Bäckerei", "Markt", "Chor", "Boote", "Fluss", "Bücherei"),
    ("Heute", "Neues", "Plan", "Bild", "Freunde", "Frage", "Morgen", "Abend", "Wahl", "Preis", "Ecke", "Geschichte"),
)  # fmt: skip

PERSIAN = Phrases(
    "fa",
    (
        (
            "شورا می‌خواهد پل {} را سبز تیره رنگ کند.",
            "روی پل {} سه رنگ آبی را امتحان کرده‌اند.",
            "رنگ زرد نقاش‌های پل {} دوباره تمام شده است.",
            "در عکس‌های قدیمی پل {} سرخ است.",
            "کودکی از کوچهٔ {} پل را با همهٔ رنگ‌ها کشیده است.",
            "نردهٔ کنار {} حالا نیمی خاکستری و نیمی نارنجی است.",
            "رأی‌گیری دربارهٔ رنگ پل {} یکشنبه است.",
            "زیر چراغ‌های پل {} هر رنگی قهوه‌ای دیده می‌شود.",
        ),
        (
            "تراموای {} حالا چهار دقیقه زودتر راه می‌افتد.",
            "برنامهٔ تازهٔ میدان {} را وارونه چسبانده‌اند.",
            "خط سه دو بار در {} می‌ایستد و کسی نمی‌داند چرا.",
            "رانندهٔ خط {} برای هر سگی زنگ می‌زند.",
            "آخرین تراموای {} تا پایان فیلم صبر می‌کند.",
            "سرانجام در ایستگاه {} نیمکت گذاشتند.",
            "تراموای شب {} بیشتر وقت‌ها خالی است.",
            "تراموای {} سه روز پشت سر هم سر وقت آمد.",
        ),
        (
            "نانوای کوچهٔ {} جایزهٔ بهترین نان را برد.",
            "داوران در {} چهل نان چشیدند و خوابشان برد.",
            "کیک {} با یک خرده نان دوم شد.",
            "صف نانوایی {} تا سر پیچ می‌رسد.",
            "نانوایی {} نان دیروز را سوخاری می‌فروشد.",
            "نان برندهٔ {} از گربهٔ من سنگین‌تر است.",
            "جو یا گندم: نانوایی {} صندوق رأی گذاشته است.",
            "شاگرد نانوای {} نان چهارگوش اختراع کرده است.",
        ),
        (
            "بازار {} به سمت سایه رفته است.",
            "سیب‌های {} امسال به اندازهٔ گیلاس است.",
            "پنیرفروش {} به همه می‌چشاند.",
            "چتر آبی کسی کنار دکهٔ {} مانده است.",
            "گل‌فروشی {} امروز فقط لاله دارد.",
            "عسل {} برچسب تازه‌ای با خرس دارد.",
            "غازی از بازار {} گذشت و مؤدب بود.",
            "سمساری {} قوری قدیمی مرا دارد.",
        ),
        (
            "گروه کر {} دو صدای بم کم دارد.",
            "نوازندگان {} با پنجرهٔ باز تمرین می‌کنند.",
            "در ساز تالار {} موشی خانه کرده است.",
            "گروه کر ترانهٔ {} را روی پله‌ها می‌خواند.",
            "آکاردئون‌نواز {} چهار آهنگ بلد است.",
            "کنسرت {} با طبلی بسیار بلند آغاز می‌شود.",
            "بچه‌های گروه {} آواز تازه‌ای یاد گرفته‌اند.",
            "پیانوی ایستگاه {} دوباره کوک است.",
        ),
        (
            "باشگاه قایق‌رانی {} قایق نویی با نامی کهنه دارد.",
            "مسابقهٔ {} را گروه سبک‌تر برد.",
            "در مسابقهٔ اردک‌های {} یک اردک واقعی بود.",
            "کشتی {} دوشنبه‌ها دوچرخه را رایگان می‌برد.",
            "داوطلبان قایق‌خانهٔ {} را رنگ می‌زنند.",
            "شناگران {} از رود گذشتند و برگشتند.",
            "مسابقهٔ قایق کاغذی {} زیر آب تمام شد.",
            "از کهن‌ترین قایق، {}، کافه‌ای ساخته‌اند.",
        ),
        (
            "آب رود در {} یک وجب بالاتر از هفتهٔ پیش است.",
            "مه {} تا ظهر نرفت.",
            "نخستین لک‌لک‌ها به {} برگشته‌اند.",
            "باران درست کنار سنگ مرز {} بند آمد.",
            "بادنمای برج {} خودش را نشان می‌دهد.",
            "باد همهٔ صندلی‌های {} را چرخانده است.",
            "رنگین‌کمان یک ساعت بالای {} ماند.",
            "بستنی‌فروشی {} با وجود برف باز می‌کند.",
        ),
        (
            "کتابخانهٔ {} حالا ابزار باغبانی امانت می‌دهد.",
            "تالار مطالعهٔ {} چراغ سبز تازه‌ای دارد.",
            "کسی کتابی را پس از سی سال به {} برگرداند.",
            "گربهٔ کتابخانهٔ {} روی نقشه‌ها می‌خوابد.",
            "کتاب‌خوان‌های {} همان کتاب را دوباره می‌خوانند.",
            "قفسهٔ نقشه‌های {} را مرتب کرده‌اند.",
            "اتوبوس کتاب پنجشنبه‌ها در {} می‌ایستد.",
            "جدول تالار {} را کسی حل کرده است.",
        ),
    ),
    (
        "من که خوشم آمد.", "همسایه‌ام مخالف است.", "می‌شد بدتر باشد.", "سر ناهار حرفش را زدیم.",
        "من چیز دیگری انتظار داشتم.", "مادربزرگم می‌گوید همیشه همین بود.", "سگمان موافق است.", "کاش می‌پرسیدند.",
        "صبح خوبی شد.", "بچه‌ها خوشحال‌اند.", "کسی از کبوترها نپرسید.", "هنوز به آن فکر می‌کنم.", "اینجا همین است دیگر.",
        "با چشم خودم دیدم.", "همهٔ کوچه از آن می‌گویند.", "سال دیگر به آن می‌خندیم.",
    ),
    (
        "با {} ساعت <> از آنجا گذشتم.", "{} ساعت <> برایم گفت.", "دیدار ساعت <> در خانهٔ {} است.",
        "بیشتر در دکهٔ {} از ساعت <>.", "از پنجرهٔ {} دیدم، ساعت <>.", "{} عکسی از ساعت <> دارد.",
        "ساعت <> سر پیچ {} باشیم.", "ناقوس {} زد و ساعت <> بود.", "از {} بپرسید، تا <> آنجا بود.",
        "یک دقیقه دیر رسیدم، {} ساعت <> آمد.", "ساعت <> با {} چای خوردیم.", "ساعت {} می‌گوید <>.",
    ),
    (
        "صبح به خیر!", "همسایه‌های عزیز،", "خب:", "خبر کوچک:", "راستش،", "یک پرسش:", "از پنجرهٔ ما:", "همین حالا شنیدم:",
        "این بار:", "ای وای.", "گوش کنید:", "راستی:",
    ),
    (
        "شما چه می‌گویید؟", "همین بود.", "می‌بینمتان.", "با درود.", "🙂", "فردا بیشتر.", "به دیگران بگویید.",
        "یا اشتباه می‌کنم؟", "برای امروز بس است.", "به‌به!", "خوش باشید.", "این هم از این.",
    ),
    ("پل", "تراموا", "نانوایی", "بازار", "آواز", "قایق", "رود", "کتابخانه"),
    ("امروز", "خبر", "برنامه", "عکس", "دوستان", "پرسش", "صبح", "شب", "رأی", "جایزه", "کوچه", "داستان"),
    "۰۱۲۳۴۵۶۷۸۹",
)  # fmt: skip

LANGUAGES = (ENGLISH, GERMAN, PERSIAN)
CLAIMS = 8
