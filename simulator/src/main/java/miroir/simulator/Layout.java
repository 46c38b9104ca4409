package miroir.simulator;

import java.util.stream.LongStream;

/**
 * Who works where.
 *
 * <p>Roles must point at practitioners and structures that exist, and any resource must be computable from its number
 * alone, without a table of what points at what. So the directory is made of equal districts of 100 practitioners, and
 * inside a district plain arithmetic says who is whose:
 *
 * <ul>
 *   <li>103 roles: 13 practitioners have none, 73 one, 12 two, 2 three (the ratios of the real directory);
 *   <li>102 organizations: 62 own practices, 8 legal entities, 32 establishments, four of each legal entity;
 *   <li>5 healthcare services and 1 device, at establishments.
 * </ul>
 *
 * <p>Places in a district are shuffled by its number, so that neighbours in the directory are not alike.
 */
final class Layout {
    static final int PRACTITIONERS = 100;
    static final int ROLES = 103;
    static final int PRACTICES = 62;
    static final int LEGAL_ENTITIES = 8;
    static final int ESTABLISHMENTS = 32;
    static final int ORGANIZATIONS = PRACTICES + LEGAL_ENTITIES + ESTABLISHMENTS;
    static final int SERVICES = 5;
    static final int DEVICES = 1;

    private static final int WITHOUT_ROLE = 13;
    private static final int WITH_ONE = 73;
    private static final int WITH_TWO = 12;

    private Layout() {}

    static int perDistrict(Kind kind) {
        return switch (kind) {
            case PRACTITIONER -> PRACTITIONERS;
            case PRACTITIONER_ROLE -> ROLES;
            case ORGANIZATION -> ORGANIZATIONS;
            case HEALTHCARE_SERVICE -> SERVICES;
            case DEVICE -> DEVICES;
        };
    }

    /** Whose role it is. */
    static long practitionerOf(long role) {
        return practitionerAt(role / ROLES, placeOf((int) (role % ROLES)));
    }

    /** True where the role is the first one of somebody with a practice of their own. */
    static boolean isInOwnPractice(long role) {
        int slot = (int) (role % ROLES);
        return slot < PRACTICES;
    }

    /** The practice of the role's practitioner; only for roles in their own practice. */
    static long practiceOf(long role) {
        return role / ROLES * ORGANIZATIONS + role % ROLES;
    }

    /** Who owns the practice. */
    static long ownerOf(long practice) {
        long district = practice / ORGANIZATIONS;
        return practitionerOf(district * ROLES + practice % ORGANIZATIONS);
    }

    /** The roles of a practitioner: none, one, two or three. */
    static long[] rolesOf(long practitioner) {
        long district = practitioner / PRACTITIONERS;
        return LongStream.range(district * ROLES, (district + 1) * ROLES)
                .filter(role -> practitionerOf(role) == practitioner)
                .toArray();
    }

    static boolean isPractice(long organization) {
        return organization % ORGANIZATIONS < PRACTICES;
    }

    static boolean isLegalEntity(long organization) {
        return !isPractice(organization) && organization % ORGANIZATIONS < PRACTICES + LEGAL_ENTITIES;
    }

    /** One of the establishments of a district. */
    static long establishment(long district, int number) {
        return district * ORGANIZATIONS + PRACTICES + LEGAL_ENTITIES + number;
    }

    /** The legal entity that the establishment is part of. */
    static long legalEntityOf(long establishment) {
        long number = establishment % ORGANIZATIONS - PRACTICES - LEGAL_ENTITIES;
        return establishment / ORGANIZATIONS * ORGANIZATIONS + PRACTICES + number / (ESTABLISHMENTS / LEGAL_ENTITIES);
    }

    private static int placeOf(int slot) {
        if (slot < WITH_ONE) {
            return WITHOUT_ROLE + slot;
        }
        int firstWithTwo = WITHOUT_ROLE + WITH_ONE;
        int second = slot - WITH_ONE;
        return second < 2 * WITH_TWO
                ? firstWithTwo + second / 2
                : firstWithTwo + WITH_TWO + (second - 2 * WITH_TWO) / 3;
    }

    /** 37 has no divisor in common with 100, so that every place is taken once. */
    private static long practitionerAt(long district, int place) {
        long shift = Dice.mix(district) & 63;
        return district * PRACTITIONERS + (place * 37L + shift) % PRACTITIONERS;
    }
}
