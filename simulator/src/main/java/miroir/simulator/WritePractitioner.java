package miroir.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A professional with names, cards, mailboxes, diplomas, profession and specialties; or the stub of a former one. */
final class WritePractitioner {
    private static final List<Map.Entry<String, String>> MEDICAL_SKILLS = List.of(
            Map.entry("C", Codes.COMPETENCE),
            Map.entry("CEX", Codes.EXCLUSIVE_COMPETENCE),
            Map.entry("DNQ", Codes.FURTHER_DIPLOMA),
            Map.entry("CAPA", Codes.CAPACITY),
            Map.entry("PAC", Codes.CONTRACT_QUALIFICATION),
            Map.entry("DEC", Codes.FURTHER_RIGHT),
            Map.entry("SST", Codes.SUBSPECIALTY),
            Map.entry("OP", Codes.ORIENTATION));

    private final long seed;

    WritePractitioner(long seed) {
        this.seed = seed;
    }

    Person person(long number) {
        return Person.thrown(new Dice(seed, Kind.PRACTITIONER, number), number);
    }

    /** What {@link Person} throws first. */
    boolean isActive(long number) {
        return Person.isActive(new Dice(seed, Kind.PRACTITIONER, number));
    }

    void write(ElementWriter writer, Appearance appearance) {
        long number = appearance.number();
        boolean active = appearance.active();
        Dice fixed = appearance.fixed(seed);
        Person person = Person.thrown(fixed, number);
        Dice dice = appearance.changing(seed, fixed);
        ResourceOutput out = new ResourceOutput(writer, appearance);
        out.meta(
                dice,
                "RPPS",
                person.profession().authority,
                Codes.FR_CORE + "fr-core-practitioner",
                Codes.ANS + "as-dp-practitioner");
        out.text("language", "fr");
        if (active) {
            cards(out, dice);
        }
        out.array("identifier", () -> {
            String rpps = Identifiers.rpps(number);
            out.identifier("IDNPS", "urn:oid:1.2.250.1.71.4.2.1", "8" + rpps);
            out.identifier("RPPS", "https://rpps.esante.gouv.fr", rpps);
        });
        out.bool("active", active);
        if (active) {
            name(out, dice, person);
            mailboxes(out, dice, person);
            qualifications(out, dice, person);
        }
        out.end();
    }

    private static void cards(ResourceOutput out, Dice dice) {
        int cards = dice.below(10) < 2 ? 0 : dice.chance(15) ? 2 : 1;
        if (cards == 0) {
            return;
        }
        out.array("extension", () -> {
            for (int i = 0; i < cards; i++) {
                String kind = i == 0 ? dice.chance(90) ? "CPS" : "CPF" : "CPE";
                String number = (i == 0 ? "3" : "8") + dice.digits(9);
                int year = 2022 + dice.below(4);
                String day = dice.monthAndDay();
                out.item(() -> out.url(Codes.ANS + "as-ext-smartcard").array("extension", () -> {
                    out.item(() -> out.url("type").object("valueCodeableConcept", () -> out.coding(Codes.CARD, kind)));
                    out.item(() -> out.url("number").text("valueString", number));
                    out.item(() -> out.url("period").period("valuePeriod", year + day, (year + 3) + day));
                }));
            }
        });
    }

    private static void name(ResourceOutput out, Dice dice, Person person) {
        if (out.isFlawed(1)) {
            return;
        }
        out.array(
                "name",
                () -> out.item(() -> {
                    out.text("text", person.family() + " " + String.join(" ", person.given()));
                    out.text("family", person.family()).texts("given", person.given());
                    if (!dice.chance(5)) {
                        out.texts("prefix", List.of(person.woman() ? "MME" : "M"));
                    }
                    if (isDoctor(person.profession()) && !dice.chance(5)) {
                        out.texts("suffix", List.of(dice.chance(4) ? "PR" : "DR"));
                    }
                }));
    }

    private static boolean isDoctor(Profession profession) {
        return switch (profession) {
            case PHYSICIAN, DENTIST, PHARMACIST -> true;
            default -> false;
        };
    }

    private static void mailboxes(ResourceOutput out, Dice dice, Person person) {
        if (!person.mailboxes().isEmpty()) {
            out.array(
                    "telecom",
                    () -> person.mailboxes().forEach(address -> out.mailbox("PER", address, dice.chance(60))));
        }
    }

    private static void qualifications(ResourceOutput out, Dice dice, Person person) {
        Profession profession = person.profession();
        List<Runnable> all = new ArrayList<>();
        if (!profession.diploma.isEmpty()) {
            all.add(() -> qualification(out, Codes.DIPLOMA_TYPE, "DE", Codes.STATE_DIPLOMA, profession.diploma));
        }
        if (profession == Profession.PHYSICIAN && dice.chance(70)) {
            String diploma = dice.pick("DSM40", "DSM41", "DSM42");
            all.add(() -> qualification(out, Codes.DIPLOMA_TYPE, "DES", Codes.SPECIAL_DIPLOMA, diploma));
        }
        String category = dice.chance(92) ? "C" : dice.chance(80) ? "E" : "M";
        all.add(() -> qualification(out, Codes.CATEGORY, category, profession.system, profession.code));
        if (profession == Profession.PHYSICIAN) {
            String specialty =
                    dice.chance(40) ? dice.pick("SM53", "SM54", "SM26") : Vocabulary.thrown(dice, Codes.SPECIALTY);
            all.add(() -> qualification(out, Codes.SKILL_TYPE, "S", Codes.SPECIALTY, specialty));
        }
        extraSkill(profession, dice).ifPresent(skill -> {
            String code = Vocabulary.thrown(dice, skill.getValue());
            all.add(() -> qualification(out, Codes.SKILL_TYPE, skill.getKey(), skill.getValue(), code));
        });
        out.array("qualification", () -> all.forEach(Runnable::run));
    }

    /** What some have learned besides: the type of the skill, and the system of its code. */
    private static Optional<Map.Entry<String, String>> extraSkill(Profession profession, Dice dice) {
        if (!dice.chance(12)) {
            return Optional.empty();
        }
        return switch (profession) {
            case PHYSICIAN -> Optional.of(MEDICAL_SKILLS.get(dice.below(MEDICAL_SKILLS.size())));
            case PHARMACIST -> Optional.of(Map.entry("FQ", Codes.PHARMACY_SKILL));
            default -> Optional.empty();
        };
    }

    private static void qualification(ResourceOutput out, String kindSystem, String kind, String system, String code) {
        out.item(() -> out.object(
                "code",
                () -> out.array("coding", () -> out.code(kindSystem, kind).code(system, code))));
    }
}
