package miroir.simulator;

/**
 * Identifiers that look real and cannot be: numbers that carry a check digit carry a wrong one, so that none is a real
 * person's or structure's. Each is a permutation of the resource's number, so that no two are equal.
 */
final class Identifiers {
    private static final long HUNDRED_MILLION = 100_000_000L;

    private Identifiers() {}

    static String practitionerId(long practitioner) {
        return "003-" + (3_000_000 + practitioner) + "-" + spread(practitioner, 5, 10_000_000L);
    }

    static String roleId(long role) {
        return "005-" + (5_000_000 + role) + "-" + spread(role, 6, 10_000_000L);
    }

    static String organizationId(long organization) {
        return (Layout.isLegalEntity(organization) ? "001-02-" : "001-01-") + (100_000 + organization);
    }

    static String serviceId(long service) {
        return "004-" + (1_000_000 + service) + "-0" + (1 + service % 9);
    }

    static String deviceId(long device) {
        return "002-" + (3_000_000 + device);
    }

    /** An id in the shape of an organization's that no organization has. */
    static String missingOrganizationId(long number) {
        return "001-01-9" + String.format("%09d", number);
    }

    static String rpps(long practitioner) {
        return withWrongKey("10" + eightDigits(practitioner, 1));
    }

    static String roleNumber(long role) {
        return "10" + eightDigits(role, 2);
    }

    static String finess(long organization) {
        return withWrongKey(eightDigits(organization, 3));
    }

    static String siren(long organization) {
        return withWrongKey(eightDigits(organization, 4));
    }

    static String siret(long organization) {
        return withWrongKey(siren(organization) + "0001");
    }

    static String arhgos(int region, long number) {
        return region + "-" + region + "-" + (1000 + number);
    }

    private static String eightDigits(long number, int use) {
        return String.format("%08d", spread(number, use, HUNDRED_MILLION));
    }

    /** A permutation of 0 to size - 1, for sizes that are powers of ten: the factor is divisible by neither 2 nor 5. */
    private static long spread(long number, int use, long size) {
        return (number * 61_803_399L + use * 7_654_321L) % size;
    }

    private static String withWrongKey(String digits) {
        return digits + (luhnKey(digits) + 3) % 10;
    }

    /** The digit which appended to these makes the Luhn sum divisible by ten. */
    static int luhnKey(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? 2 * digit : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return (10 - sum % 10) % 10;
    }
}
