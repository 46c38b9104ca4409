package miroir.simulator;

/** Where and as what a professional works; sometimes nowhere, sometimes at a structure that is gone. */
final class WriteRole {
    private final long seed;
    private final WritePractitioner practitioners;

    WriteRole(long seed, WritePractitioner practitioners) {
        this.seed = seed;
        this.practitioners = practitioners;
    }

    boolean isActive(long number) {
        return practitioners.isActive(Layout.practitionerOf(number))
                && !new Dice(seed, Kind.PRACTITIONER_ROLE, number).chance(1);
    }

    void write(ElementWriter writer, Appearance appearance) {
        long number = appearance.number();
        boolean active = appearance.active();
        Dice fixed = appearance.fixed(seed);
        long practitioner = Layout.practitionerOf(number);
        Person person = practitioners.person(practitioner);
        fixed.chance(1);
        Dice dice = appearance.changing(seed, fixed);
        ResourceOutput out = new ResourceOutput(writer, appearance);
        out.meta(
                dice,
                "RPPS",
                person.profession().authority,
                Codes.FR_CORE + "fr-core-practitioner-role",
                Codes.ANS + "as-dp-practitionerrole");
        out.text("language", "fr");
        out.array(
                "identifier",
                () -> out.item(() -> out.text("use", "official")
                        .text("system", "https://rpps.esante.gouv.fr")
                        .text("value", Identifiers.roleNumber(number))));
        out.bool("active", active);
        out.reference("practitioner", Kind.PRACTITIONER, practitioner);
        if (active) {
            organization(out, dice, number);
            codes(out, dice, person.profession(), Layout.isInOwnPractice(number));
            mailbox(out, dice, person);
        }
        out.end();
    }

    private static void organization(ResourceOutput out, Dice dice, long number) {
        int kind = dice.below(1000);
        if (kind >= 20) {
            if (kind < 25) {
                out.reference("organization", Kind.ORGANIZATION, Identifiers.missingOrganizationId(number));
            } else {
                out.reference("organization", Kind.ORGANIZATION, workplace(dice, number));
            }
        }
    }

    private static long workplace(Dice dice, long number) {
        return Layout.isInOwnPractice(number)
                ? Layout.practiceOf(number)
                : Layout.establishment(number / Layout.ROLES, dice.skewedBelow(Layout.ESTABLISHMENTS));
    }

    private static void codes(ResourceOutput out, Dice dice, Profession profession, boolean ownPractice) {
        out.array("code", () -> {
            out.concept(Codes.ACTIVITY_KIND, dice.chance(90) ? "GENR01" : dice.pick("GENR02", "GENR03", "GENR04"));
            out.concept(Codes.EMPLOYMENT, ownPractice ? "L" : dice.chance(95) ? "S" : "B");
            if (ownPractice) {
                out.concept(Codes.PRACTICE_KIND, dice.chance(80) ? "ACT-LIB-01" : "ACT-LIB-02");
            } else if (profession == Profession.PHYSICIAN) {
                out.concept(Codes.HOSPITAL_STATUS, Vocabulary.thrown(dice, Codes.HOSPITAL_STATUS));
            }
            if (profession == Profession.OTHER) {
                out.concept(Codes.CARE_ROLE, Vocabulary.thrown(dice, Codes.CARE_ROLE));
            } else {
                out.concept(Codes.FUNCTION, Vocabulary.thrown(dice, Codes.FUNCTION));
            }
            if (profession == Profession.PHARMACIST) {
                out.concept(Codes.PHARMACY_SECTION, Vocabulary.thrown(dice, Codes.PHARMACY_SECTION));
            }
        });
    }

    /** The same address as the practitioner's for some. */
    private static void mailbox(ResourceOutput out, Dice dice, Person person) {
        if (!person.mailboxes().isEmpty() && dice.chance(40)) {
            String address = person.mailboxes().get(0);
            String kind = dice.chance(80) ? "PER" : "CAB";
            out.array(
                    "telecom",
                    () -> out.mailbox(kind, kind.equals("PER") ? address : "cabinet." + address, dice.chance(60)));
        }
    }
}
