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
        if (active) {
            out.array("extension", () -> extensions(out, dice, social));
        }
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

    private static void extensions(ResourceOutput out, Dice dice, boolean social) {
        String day = dice.dayOf(2005, 2020);
        out.item(() -> out.url(Codes.ANS + "as-ext-authorization").array("extension", () -> {
            date(out, "dateAuthorization", day);
            if (!social) {
                out.item(() -> out.url("periodAuthorization")
                        .period("valuePeriod", dice.dayOf(2014, 2022), dice.dayOf(2027, 2032)));
            }
            date(out, "dateUpdateAuthorization", dice.dayOf(2021, 2025));
            out.item(() -> out.url("deletedAuthorization").bool("valueBoolean", false));
        }));
        if (social) {
            out.item(() -> out.url(Codes.ANS + "as-ext-installation").array("extension", () -> {
                date(out, "dateFirstInstallation", day);
                out.item(() -> out.url("deletedInstallation").bool("valueBoolean", false));
            }));
            ages(out, dice.pick(0, 18, 20, 60), dice.pick(65, 99, 120));
            capacity(out, 1 + dice.below(150), dice.below(10));
        }
    }

    private static void date(ResourceOutput out, String name, String day) {
        out.item(() -> out.url(name).text("valueDate", day));
    }

    private static void ages(ResourceOutput out, int low, int high) {
        out.item(() -> out.url(Codes.ANS + "as-ext-patient-type")
                .array(
                        "extension",
                        () -> out.item(() -> out.url("authorizedAgeRange").object("valueRange", () -> {
                            out.object("low", () -> out.number("value", low));
                            out.object("high", () -> out.number("value", high));
                        }))));
    }

    private static void capacity(ResourceOutput out, int places, int missing) {
        out.item(() -> out.url(Codes.ANS + "as-ext-supported-capacity").array("extension", () -> {
            out.item(() -> out.url("capacityAvailable").number("valueInteger", places));
            out.item(() -> out.url("installedCapacity").number("valueInteger", Math.max(0, places - missing)));
        }));
    }

    private static long provider(Dice dice, long number) {
        long district = number / Layout.SERVICES;
        return Layout.establishment(district, dice.below(Layout.ESTABLISHMENTS));
    }

    private static void activity(ResourceOutput out, Dice dice) {
        out.array("category", () -> out.concept(Codes.CARE_MODALITY, Vocabulary.thrown(dice, Codes.CARE_MODALITY)));
        out.array("type", () -> out.concept(Codes.CARE, Vocabulary.thrown(dice, Codes.CARE)));
        out.array("characteristic", () -> out.concept(Codes.CARE_FORM, Vocabulary.thrown(dice, Codes.CARE_FORM)));
    }

    private static void equipment(ResourceOutput out, Dice dice) {
        out.array("type", () -> out.concept(Codes.SOCIAL_CARE, Vocabulary.thrown(dice, Codes.SOCIAL_CARE)));
        out.array(
                "eligibility",
                () -> out.item(() -> out.object(
                        "code", () -> out.coding(Codes.CLIENTELE, Vocabulary.thrown(dice, Codes.CLIENTELE)))));
        out.array("characteristic", () -> out.concept(Codes.STAY, Vocabulary.thrown(dice, Codes.STAY)));
    }
}
