"""The words that invented titles, people and series are made of."""

HEADS = (
    *("Mémoires", "La fabrique", "L’invention", "Le temps", "Une histoire", "Les voix", "Géographies"),
    *("Éloge", "Chroniques", "Figures", "Politiques", "Le goût", "L’usage", "La mesure", "Les métiers"),
    *("Paroles", "La traversée", "L’école", "Le chant", "Lettres", "Les chemins", "L’économie", "La langue"),
    *("Le livre", "Les gardiens", "Petite philosophie", "L’épreuve", "Le partage", "La couleur", "Récits"),
    *("L’archive", "Les saisons", "La promesse", "Anthropologie", "Le droit", "L’ombre", "Les héritiers"),
    *("La musique", "Carnets", "Portraits", "Le retour", "L’horizon", "Le silence", "Les ateliers"),
    *("Sociologie", "La carte", "Cinq leçons", "Le poids", "L’attente", "Les noms", "Le théâtre"),
)
TAILS = (
    *("du fleuve", "de la frontière", "des marchés", "de l’attente", "de l’exil", "du seuil", "du delta"),
    *("des halles", "de la pluie", "du cacao", "du port", "de la savane", "des mineurs", "de la forge"),
    *("du tissage", "des tambours", "de la lagune", "du rail", "des sages-femmes", "de la parole"),
    *("du village", "des quartiers", "de l’hospitalité", "du sel", "des griots", "de la nuit", "des îles"),
    *("de la monnaie", "du travail", "des migrations", "de l’oubli", "du bois", "de la mangrove"),
    *("des pêcheurs", "de la réforme", "du pouvoir", "des femmes", "de la cité", "du désert", "de l’eau"),
    *("des langues", "de la colère", "du voyage", "de la transmission", "des jardins", "de l’enfance"),
    *("du vent", "de la couture", "des masques", "de la démocratie", "du commerce", "de la fête"),
    *("des récoltes", "de l’impôt", "du cinéma", "de la rumeur", "des ponts", "de l’atelier", "du coton"),
    *("de la montagne", "du bidonville", "des radios", "de l’hôpital", "du syndicat", "de la lumière"),
)
PLACES = (
    *("à Nantes", "à Dakar", "à Saint-Louis", "à Lomé", "à Cotonou", "à Bamako", "à Abidjan", "à Kinshasa"),
    *("à Antananarivo", "à Fort-de-France", "à Marseille", "à Roubaix", "à Lisbonne", "à Palerme"),
    *("à Beyrouth", "à Alger", "à Tunis", "à Conakry", "à Ouagadougou", "à Libreville", "à Douala"),
    *("en Casamance", "en Bretagne", "en Kabylie", "en Haïti", "au Cameroun", "au Sahel", "au Québec"),
)
FIRST_NAMES = (
    *("Awa", "Cléo", "Moussa", "Jeanne", "Ibrahima", "Solène", "Kossi", "Marguerite", "Amadou", "Léa"),
    *("Fatou", "Étienne", "Nadia", "Paul", "Mariama", "Yves", "Chantal", "Oumar", "Hélène", "Désiré"),
    *("Rokhaya", "Gaspard", "Inès", "Théodore", "Salimata", "Bruno", "Anouk", "Célestin", "Djamila"),
    *("Lucien", "Mame", "Odile", "Rachid", "Viviane", "Sekou", "Blandine", "Tidiane", "Agathe", "Élie"),
)
LAST_NAMES = (
    *("Almeida", "Vernier", "Kouadjo", "Belmont", "Sangaré", "Tarrieu", "Ndoumbé", "Lascaux", "Diabira"),
    *("Morvane", "Ouattéba", "Perrichon", "Bakayel", "Delorme", "Tchamba", "Rivoire", "Camarou", "Soulac"),
    *("Agbéko", "Fontanel", "Issoufa", "Guérinet", "Mabiala", "Chastaing", "Zongora", "Lheureux", "Benhadj"),
    *("Craponne", "Essoumba", "Daumier", "Kandélé", "Valjouffrey", "Traoura", "Montbrun", "Aïssaoui"),
    *("Queyras", "Loubassa", "Ferrandi", "Nguémo", "Aubrac", "Siméoni", "Dramane", "Kerlann", "Touréba"),
)


class Genre:
    """A kind of book: its CLIL codes, its series, what its subtitles say."""

    def __init__(self, clil: tuple[str, ...], series: tuple[str, ...], subtitles: tuple[str, ...]):
        self.clil = clil
        self.series = series
        self.subtitles = subtitles


GENRES = (
    Genre(
        ("3081", "3085", "3093"),
        ("Terrains d’enquête", "Le social à l’œuvre", "Cahiers du quotidien"),
        ("Enquête {place}", "Approche sociologique", "Trajectoires {place}, 1970-2010"),
    ),
    Genre(
        ("3111", "3112"),
        ("Rites et rivages", "Regards d’ailleurs"),
        ("Ethnographie {place}", "Une ethnologue {place}", "Parenté, rites et échanges"),
    ),
    Genre(
        ("3283", "3290", "3305"),
        ("Afriques en débat", "Pouvoirs et contre-pouvoirs", "Comptes du Sud"),
        ("L’État {place}", "Bilan et perspectives", "Acteurs et réformes {place}"),
    ),
    Genre(
        ("3377", "3383"),
        ("Archives vives", "Passés présents"),
        ("De 1880 à l’indépendance", "Une chronique {place}", "Sources et témoignages {place}"),
    ),
    Genre(
        ("3126", "3134"),
        ("Ouverture pensée", "Clinique et culture"),
        ("Essai", "Une lecture", "Méditations pour notre temps"),
    ),
    Genre(
        ("3146", "3150"),
        ("Apprendre ensemble", "Langues en contact"),
        ("Enseigner {place}", "Pratiques et récits de classe", "Contes bilingues {place}"),
    ),
    Genre(
        ("3622", "3443", "3444"),
        ("Poètes du grand large", "Encres noires et vives", "Lettres des deux rives"),
        ("Poèmes", "Roman", "Nouvelles"),
    ),
)
MATERIALS = (
    *("une centaine d’entretiens", "dix ans d’observation", "archives familiales et carnets retrouvés"),
    *("correspondances inédites", "récits recueillis auprès de trois générations", "une longue amitié"),
)
MERITS = (
    "Un ouvrage clair, utile aux étudiants comme aux lecteurs curieux.",
    "L’ensemble éclaire d’un jour neuf des débats que l’on croyait clos.",
    "Une voix singulière, attentive aux gestes et aux mots de chacun.",
    "Des tableaux, une chronologie et un index accompagnent le texte.",
)
