package miroir.simulator;

/** A commune with its postal code and its INSEE code, where Corsica has letters. */
record Place(String city, String postalCode, String insee, int region) {

    private static final Place[] ALL = """
            PARIS|75014|75114|11
            PARIS|75013|75113|11
            MARSEILLE|13005|13205|93
            LYON|69003|69383|84
            TOULOUSE|31000|31555|76
            NICE|06000|06088|93
            NANTES|44000|44109|52
            MONTPELLIER|34000|34172|76
            STRASBOURG|67000|67482|44
            BORDEAUX|33000|33063|75
            LILLE|59000|59350|32
            RENNES|35000|35238|53
            SAINT-ÉTIENNE|42000|42218|84
            LE HAVRE|76600|76351|28
            GRENOBLE|38000|38185|84
            VILLENEUVE-D'ASCQ|59650|59009|32
            L'HAŸ-LES-ROSES|94240|94038|11
            NÎMES|30000|30189|76
            AIX-EN-PROVENCE|13100|13001|93
            BREST|29200|29019|53
            VERSAILLES|78000|78646|11
            SAINT-GERMAIN-EN-LAYE|78100|78551|11
            BERCK|62600|62108|32
            CALAIS|62100|62193|32
            BOURGES|18000|18033|24
            VANDŒUVRE-LÈS-NANCY|54500|54547|44
            MENTON|06500|06083|93
            ALENÇON|61000|61001|28
            ÉVREUX|27000|27229|28
            BÉZIERS|34500|34032|76
            AJACCIO|20000|2A004|94
            BASTIA|20200|2B033|94
            SAINT-DENIS|97400|97411|5
            FORT-DE-FRANCE|97200|97209|2
            POINTE-À-PITRE|97110|97120|1
            CAYENNE|97300|97302|3
            MAMOUDZOU|97600|97611|6
            TOULON CEDEX 9|83056|83137|93
            L'ÎLE-D'YEU|85350|85113|52
            SAINT-JEAN-DE-LUZ|64500|64483|75
            CHÂTEAUROUX|36000|36044|24
            ORLÉANS|45000|45234|24
            DIJON|21000|21231|27
            BESANÇON|25000|25056|27""".lines().map(Place::parse).toArray(Place[]::new);

    static Place thrown(Dice dice) {
        return ALL[dice.skewedBelow(ALL.length)];
    }

    /** The agency that authorises care there. */
    String authority() {
        return String.format("ARS-%02d", region);
    }

    private static Place parse(String line) {
        String[] parts = line.split("\\|", -1);
        return new Place(parts[0], parts[1], parts[2], Integer.parseInt(parts[3]));
    }
}
