package miroir.simulator;

import java.math.BigInteger;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Identifiers that look real and cannot be: numbers that carry a check digit carry a wrong one, so that none is a real
 * person's or structure's. Each is a permutation of the resource's number, so that no two are equal.
 */
final class Identifiers {
    private static final long HUNDRED_MILLION = 100_000_000L;
    /** Undoes the factor of {@link #spread}. */
    private static final long INVERSE = BigInteger.valueOf(61_803_399)
            .modInverse(BigInteger.valueOf(HUNDRED_MILLION))
            .longValueExact();

    private static final long GENERATION = 20_000_000L;
    private static final Map<Kind, Long> FIRST_IDS = Map.of(
            Kind.PRACTITIONER, 3_000_000L,
            Kind.PRACTITIONER_ROLE, 5_000_000L,
            Kind.ORGANIZATION, 100_000L,
            Kind.HEALTHCARE_SERVICE, 1_000_000L,
            Kind.DEVICE, 3_000_000L);

    private Identifiers() {}

    /**
     * The technical id in its generation: upstream gives new ones to the same resource at times. Each generation is
     * {@value #GENERATION} further on.
     */
    static String id(Kind kind, long number, int generation) {
        long moved = number + generation * GENERATION;
        return switch (kind) {
            case PRACTITIONER -> "003-" + (3_000_000 + moved) + "-" + spread(number, 5, 10_000_000L);
            case PRACTITIONER_ROLE -> "005-" + (5_000_000 + moved) + "-" + spread(number, 6, 10_000_000L);
            case ORGANIZATION -> (Layout.isLegalEntity(number) ? "001-02-" : "001-01-") + (100_000 + moved);
            case HEALTHCARE_SERVICE -> "004-" + (1_000_000 + moved) + "-0" + (1 + number % 9);
            case DEVICE -> "002-" + (3_000_000 + moved);
        };
    }

    /** The number of the resource that has or had this id; -1 where none of the kind could. */
    static long numberOf(Kind kind, String id) {
        String[] parts = id.split("-", -1);
        String digits = parts[kind == Kind.ORGANIZATION && parts.length > 2 ? 2 : Math.min(1, parts.length - 1)];
        if (!digits.matches("[0-9]{1,12}")) {
            return -1;
        }
        long moved = Long.parseLong(digits) - FIRST_IDS.getOrDefault(kind, 0L);
        long number = Math.floorMod(moved, GENERATION);
        return moved >= 0 && id.equals(id(kind, number, (int) (moved / GENERATION))) ? number : -1;
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

    /** The numbers of all resources of the kind that could have this value as an identifier, and perhaps others. */
    static LongStream numbersOf(Kind kind, String value) {
        String digits = value.replaceAll("[^0-9]", "");
        return switch (kind) {
            case PRACTITIONER -> Stream.of(2, 3).mapToLong(at -> unspread(digits, at, 1));
            case PRACTITIONER_ROLE -> LongStream.of(unspread(digits, 2, 2));
            case ORGANIZATION ->
                LongStream.concat(
                        Stream.of(0, 1)
                                .flatMap(at -> Stream.of(3, 4).map(use -> unspread(digits, at, use)))
                                .mapToLong(number -> number),
                        Stream.of(2, 3)
                                .mapToLong(at -> unspread(digits, at, 1))
                                .filter(owner -> owner >= 0)
                                .flatMap(owner -> LongStream.of(Directory.resourcesBehind(Kind.ORGANIZATION, owner))));
            case HEALTHCARE_SERVICE, DEVICE -> arhgosNumber(value);
        };
    }

    private static LongStream arhgosNumber(String value) {
        String last = value.substring(value.lastIndexOf('-') + 1);
        return last.matches("[0-9]{4,12}") ? LongStream.of(Long.parseLong(last) - 1000) : LongStream.empty();
    }

    /** The number that was spread into the eight digits from there on. */
    private static long unspread(String digits, int at, int use) {
        if (digits.length() < at + 8) {
            return -1;
        }
        long spread = Long.parseLong(digits.substring(at, at + 8));
        long unshifted = Math.floorMod(spread - use * 7_654_321L, HUNDRED_MILLION);
        return unshifted * INVERSE % HUNDRED_MILLION;
    }

    private static String eightDigits(long number, int use) {
        // A ninth digit in front keeps the zeros.
        return String.valueOf(HUNDRED_MILLION + spread(number, use, HUNDRED_MILLION))
                .substring(1);
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
