package miroir.simulator;

/** A heavy piece of equipment, such as a scanner, that an establishment is authorised for. */
final class WriteDevice {
    private final long seed;

    WriteDevice(long seed) {
        this.seed = seed;
    }

    boolean isActive(long number) {
        Dice dice = new Dice(seed, Kind.DEVICE, number);
        region(dice);
        return !dice.chance(4);
    }

    void write(ElementWriter writer, Appearance appearance) {
        long number = appearance.number();
        boolean active = appearance.active();
        Dice fixed = appearance.fixed(seed);
        int region = region(fixed);
        fixed.chance(4);
        Dice dice = appearance.changing(seed, fixed);
        ResourceOutput out = new ResourceOutput(writer, appearance);
        out.meta(dice, "FINESS", "ARS-" + region, Codes.ANS + "as-dp-device");
        out.text("language", "fr");
        if (active) {
            authorization(out, dice);
        }
        out.array(
                "identifier",
                () -> out.plainIdentifier("https://arhgos.ars.sante.fr", Identifiers.arhgos(region, number)));
        out.text("status", active ? "active" : "inactive");
        if (active) {
            out.text("manufacturer", dice.pick("0000", "SIEMENS", "GE HEALTHCARE", "PHILIPS", "CANON MÉDICAL"));
            out.text("serialNumber", dice.pick("INCISIVE CT N ", "SOMATOM ", "SIGNA ") + dice.digits(6));
            out.object("type", () -> out.coding(Codes.EQUIPMENT, Vocabulary.thrown(dice, Codes.EQUIPMENT)));
            out.reference("owner", Kind.ORGANIZATION, Layout.establishment(number, dice.below(Layout.ESTABLISHMENTS)));
        }
        out.end();
    }

    private static int region(Dice dice) {
        return dice.pick(11, 24, 28, 32, 44, 52, 53, 75, 76, 84, 93);
    }

    private static void authorization(ResourceOutput out, Dice dice) {
        int year = 2005 + dice.below(18);
        String day = dice.monthAndDay();
        out.array(
                "extension",
                () -> out.item(() -> out.url(Codes.ANS + "as-ext-authorization").array("extension", () -> {
                    out.item(() -> out.url("dateAuthorization").text("valueDate", year + day));
                    out.item(() ->
                            out.url("periodAuthorization").period("valuePeriod", (year + 1) + day, (year + 14) + day));
                })));
    }
}
