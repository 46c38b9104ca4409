package miroir.simulator;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * What others than the Practitioner resource itself say of a practitioner as well: a practice carries its owner's
 * name, a role its holder's mailbox.
 */
record Person(
        boolean active,
        boolean woman,
        String family,
        List<String> given,
        Profession profession,
        List<String> mailboxes) {

    private static final String[] FAMILIES = """
            MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFÈVRE LEROY ROUX
            DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER FAURE ANDRÉ
            MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLÉMENT MORIN
            NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOËL MEYER DUFOUR
            MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GÉRARD ROCHE
            RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER
            PHILIPPE BOURGEOIS PIERRE BENOÎT REY LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY
            GUILLOT HUBERT BERGER CARPENTIER SÁNCHEZ DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER FLEURY
            ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT CARRÉ CHARLES RENAULT CHARPENTIER MÉNARD MAILLARD
            BARON BERTIN BAILLY HERVÉ SCHNEIDER FERNANDEZ COLLET LÉGER BOUVIER JULIEN PRÉVOST MILLET PERROT DANIEL
            N'DIAYE N'GUESSAN D'ANGELO D'ORNANO O'BRIEN L'HERMITTE NGUYỄN ÖZTÜRK MÜNCH ŠIMIĆ KOWALSKI BÉRANGER-LŒWEL
            ÇELIK IBÁÑEZ GÖSSLING STRAẞER MASI""".split("\\s+", -1);
    /** What the many surnames are made of that few people share: a beginning, often a middle, an end. */
    private static final String[] BEGINNINGS = """
            BEAU BEL BER BÉ BOU BRÉ BRI CAR CHA CLA CHÂ COL COM COR COU CÔ CRÉ DAL DAN DEL DÉ DOR DUR ES FAL FER FON
            FOR FRÉ GAL GAR GER GOU GRA GRÉ GUI HAL HAR HÉ JAR JOU LAM LAN LAR LOU MAL MAN MAR MAU MÉ MIR MON MOR NAU
            NOR PAS PEL PER PON POU PRÉ QUE RAM RAV REN ROU SAL SAU SER TAL TER TOU TRÉ VAL VAN VER VIL""".split("\\s+", -1);

    private static final String[] MIDDLES = {
        "", "", "", "", "", "", "BE", "CHE", "DI", "FI", "GUE", "LA", "LE", "LI", "MA", "MI", "NE", "PI", "RE", "SI",
        "TI", "VI",
    };
    private static final String[] ENDINGS = """
            BERT BIN CHARD CHET DEAU DIER DRON FORT GEOT GNON GUET LARD LET LIER LIN LOT LOUX MAND MONT NARD NAUD NET NIER
            NOT PIN QUET RAND RAT RAUD RET RIER RIN SAC SARD SIER SON TARD TEAU TET THIER TIN VAL VEAU VERT VILLE
            ZAC""".split("\\s+", -1);

    /** Of a hundred people so many have one of the {@link #FAMILIES}. */
    private static final int PERCENT_OF_FAMILIES = 10;

    private static final String[] PARTICLES = {"LE ", "DE LA ", "VAN DEN ", "DU "};
    private static final String[] WOMEN = """
            MARIE NATHALIE ISABELLE SYLVIE CATHERINE MARTINE CHRISTINE FRANÇOISE VALÉRIE SANDRINE STÉPHANIE VÉRONIQUE
            SOPHIE CÉLINE CHANTAL PATRICIA ANNE BRIGITTE JULIE MONIQUE AURÉLIE NICOLE LAURENCE ANNIE ÉMILIE DOMINIQUE
            VIRGINIE CORINNE ÉLODIE CHRISTELLE CAMILLE CAROLINE LÉA SARAH FLORENCE LAETITIA AUDREY HÉLÈNE LAURA MANON
            MICHÈLE CÉCILE CHRISTIANE BÉATRICE CLAIRE NADINE DELPHINE PAULINE KARINE MÉLANIE MARION CHLOÉ JACQUELINE
            ZOÉ MAÏTÉ ANAÏS GAËLLE LIN JOSÉPHINE MARIE-CLAIRE ANNE-SOPHIE MARIE-LAURE""".split("\\s+", -1);
    private static final String[] MEN = """
            JEAN PHILIPPE MICHEL ALAIN PATRICK NICOLAS CHRISTOPHE PIERRE CHRISTIAN ÉRIC FRÉDÉRIC LAURENT STÉPHANE DAVID
            PASCAL DANIEL ALEXANDRE JULIEN THIERRY OLIVIER BERNARD THOMAS SÉBASTIEN GÉRARD DIDIER DOMINIQUE VINCENT
            FRANÇOIS BRUNO GUILLAUME JÉRÔME JACQUES MARC MAXIME ROMAIN CLAUDE ANTOINE FRANCK JEAN-PIERRE ANTHONY KÉVIN
            GILLES CÉDRIC SERGE ANDRÉ MATHIEU BENJAMIN PATRICE FABRICE JOËL JÉRÉMY CLÉMENT ARNAUD DENIS PAUL LUCAS
            HERVÉ JEAN-CLAUDE SYLVAIN YVES LUDOVIC GUY JEAN-FRANÇOIS MAËL NOÉ LOÏC BJÖRN JOSÉ""".split("\\s+", -1);
    private static final String[] MAIL_DOMAINS = {
        "medecin.mssante.fr", "mssante.fr", "pro.mssante.fr", "apicrypt.example.mssante.fr", "chu.mssante.fr",
    };

    /** The dice must be the practitioner's own, not yet thrown. */
    static Person thrown(Dice dice, long number) {
        boolean active = isActive(dice);
        boolean woman = dice.chance(66);
        List<String> given = given(dice, woman ? WOMEN : MEN);
        String family = family(dice);
        boolean shouting = dice.chance(85);
        Profession profession = Profession.thrown(dice);
        return new Person(
                active,
                woman,
                shouting ? family : capitalized(family),
                shouting ? given : given.stream().map(Person::capitalized).toList(),
                profession,
                mailboxes(dice, given.get(0), family, number));
    }

    /** The first throw. */
    static boolean isActive(Dice dice) {
        return !dice.chance(2);
    }

    private static String family(Dice dice) {
        String family = surname(dice.below(100), dice.below(Integer.MAX_VALUE));
        int kind = dice.below(100);
        if (kind < 3) {
            return dice.pick(PARTICLES) + family;
        }
        return kind < 11 ? family + (kind < 9 ? "-" : " ") + FAMILIES[dice.below(FAMILIES.length)] : family;
    }

    /**
     * Surnames are spread as in a country: each of a few is that of many people, and most people have one that hardly anybody else
     * has. MARTIN is that of four in a thousand, as in France; of two who are taken at random seldom both are called alike. Were
     * there a few hundred surnames only, every question by name would find as many people as the commonest name of a country.
     */
    private static String surname(int percent, int thrown) {
        Dice dice = new Dice(thrown, Kind.PRACTITIONER, percent);
        return percent < PERCENT_OF_FAMILIES
                ? FAMILIES[dice.skewedBelow(FAMILIES.length)]
                : dice.pick(BEGINNINGS) + dice.pick(MIDDLES) + ENDINGS[dice.skewedBelow(ENDINGS.length)];
    }

    private static List<String> given(Dice dice, String[] names) {
        String first = names[dice.skewedBelow(names.length)];
        return switch (dice.below(10)) {
            case 0 -> List.of(first, names[dice.below(names.length)], names[dice.below(names.length)]);
            case 1, 2 -> List.of(first, names[dice.below(names.length)]);
            default -> List.of(first);
        };
    }

    private static List<String> mailboxes(Dice dice, String given, String family, long number) {
        int kind = dice.below(100);
        int count = kind < 74 ? 0 : kind < 95 ? 1 : kind < 99 ? 2 : 4;
        String[] addresses = new String[count];
        int firstDomain = dice.below(MAIL_DOMAINS.length);
        for (int i = 0; i < count; i++) {
            addresses[i] = mailName(given) + "." + mailName(family) + "." + number + "@"
                    + MAIL_DOMAINS[(firstDomain + i) % MAIL_DOMAINS.length];
        }
        return List.of(addresses);
    }

    private static String mailName(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .toLowerCase(Locale.ROOT)
                .replace("œ", "oe")
                .replace("ß", "ss")
                .replaceAll("[^a-z-]", "");
    }

    /** Jean-Pierre, D'Angelo. */
    private static String capitalized(String name) {
        StringBuilder text = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            text.append(first ? letter : Character.toLowerCase(letter));
            first = !Character.isLetter(letter);
        }
        return text.toString();
    }

    /** As practices are called: "JEAN MARTIN". */
    String called() {
        return given.get(0) + " " + family;
    }
}
