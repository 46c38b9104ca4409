package miroir.simulator;

/** A care activity or a social equipment that an establishment is authorised for. */
final class WriteHealthcareService {
    private final long seed;

    WriteHealthcareService(long seed) {
        this.seed = seed;
    }

    boolean isActive(long number) {
        Dice dice = new Dice(seed, Kind.HEALTHCARE_SERVICE, number);
        dice.chance(40);
        return !dice.chance(3);
    }

    void write(ElementWriter writer, Appearance appearance) {
        long number = appearance.number();
        boolean active = appearance.active();
        Dice fixed = appearance.fixed(seed);
        boolean social = fixed.chance(40);
        fixed.chance(3);
        int region = fixed.pick(11, 24, 28, 32, 44, 52, 53, 75, 76, 84, 93);
        Dice dice = appearance.changing(seed, fixed);
        ResourceOutput out = new ResourceOutput(writer, appearance);
        out.meta(
                dice,
                "FINESS",
                "ARS-" + region,
                Codes.ANS
                        + (social
                                ? "as-dp-healthcareservice-social-equipment"
                                : "as-dp-healthcareservice-healthcare-activity"));
        out.text("language", "fr");
        if (!social) {
            out.array(
                    "identifier",
                    () -> out.plainIdentifier("https://arhgos.ars.sante.fr", Identifiers.arhgos(region, number)));
        }
        out.bool("active", active);
        if (active) {
            out.reference("providedBy", Kind.ORGANIZATION, provider(dice, number));
            if (social) {
                equipment(out, dice);
            } else {
                activity(out, dice);
            }
        }
        out.end();
    }

    private static long provider(Dice dice, long number) {
        long district = number / Layout.SERVICES;
        return Layout.establishment(district, dice.below(Layout.ESTABLISHMENTS));
    }

    private static void activity(ResourceOutput out, Dice dice) {
        out.array("category", () -> out.concept(Codes.CARE_MODALITY, dice.pick("00", "06", "07", "09", "10", "23")));
        out.array("type", () -> out.concept(Codes.CARE, dice.pick("01", "02", "03", "04", "14", "15", "50", "R4")));
        out.array("characteristic", () -> out.concept(Codes.CARE_FORM, dice.pick("00", "01", "02", "03", "07", "08")));
    }

    private static void equipment(ResourceOutput out, Dice dice) {
        out.array("type", () -> out.concept(Codes.SOCIAL_CARE, dice.pick("320", "358", "469", "657", "924", "961")));
        out.array(
                "eligibility",
                () -> out.item(() -> out.object(
                        "code",
                        () -> out.coding(
                                Codes.CLIENTELE, dice.pick("010", "117", "206", "436", "437", "700", "711")))));
        out.array("characteristic", () -> out.concept(Codes.STAY, dice.pick("11", "13", "14", "16", "21", "22")));
    }
}
