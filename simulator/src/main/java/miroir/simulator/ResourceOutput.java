package miroir.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/** Writes one resource in the directory's idiom, element by element in the order of the real one. */
final class ResourceOutput {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

    /** 2025-04-28T18:00:00+02:00, when the second version of the real directory was loaded. */
    private static final long FIRST_LOAD = 1_745_856_000L;

    /** One in so many numbers of later versions is a number in JSON, which FHIR does not allow. */
    private static final int TEXT_VERSIONS = 3;

    private final ElementWriter writer;
    private final Appearance appearance;
    private final Dice flaws;
    private final boolean labelled;

    ResourceOutput(ElementWriter writer, Appearance appearance) {
        this.writer = writer;
        this.appearance = appearance;
        this.flaws = new Dice(0, appearance.kind(), ~appearance.number());
        this.labelled = isFlawed(3);
        writer.startObject();
        text("resourceType", appearance.kind().type());
        text("id", appearance.id());
    }

    void end() {
        writer.endObject();
    }

    /** One of the defects that some resources have for all their life, in so many of a hundred. */
    boolean isFlawed(int percent) {
        return flaws.chance(percent);
    }

    ResourceOutput text(String name, String value) {
        writer.text(name, value);
        return this;
    }

    ResourceOutput bool(String name, boolean value) {
        writer.bool(name, value);
        return this;
    }

    ResourceOutput number(String name, int value) {
        writer.number(name, value);
        return this;
    }

    ResourceOutput texts(String name, Iterable<String> values) {
        writer.startArray(name);
        values.forEach(writer::text);
        writer.endArray();
        return this;
    }

    ResourceOutput array(String name, Runnable items) {
        writer.startArray(name);
        items.run();
        writer.endArray();
        return this;
    }

    ResourceOutput object(String name, Runnable elements) {
        writer.startObject(name);
        elements.run();
        writer.endObject();
        return this;
    }

    /** An object in an array. */
    ResourceOutput item(Runnable elements) {
        writer.startObject();
        elements.run();
        writer.endObject();
        return this;
    }

    /** A null in an array, as the real directory has in {@code address.line}. */
    ResourceOutput nothing() {
        writer.nothing();
        return this;
    }

    /**
     * {@code meta}: loads happen at a few hours of a few days, so the stamps cluster; nearly all resources are in
     * their first version.
     */
    ResourceOutput meta(Dice dice, String system, String authority, String... profiles) {
        int day = dice.chance(80) ? 0 : 1 + dice.below(240);
        long second = FIRST_LOAD + 86_400L * day + dice.below(5400);
        Instant first = Instant.ofEpochSecond(second, 1_000_000L * dice.below(1000));
        Instant updated = appearance.updated() == null ? first : appearance.updated();
        String source = isFlawed(1) ? "https://annuaire.esante.gouv.fr" : "https://annuaire.sante.fr";
        List<String> canonical = isFlawed(2) ? versioned(profiles) : List.of(profiles);
        return object("meta", () -> {
            if (appearance.active()) {
                trace(system, authority);
            }
            version();
            text("lastUpdated", stamp(updated)).text("source", source).texts("profile", canonical);
        });
    }

    private static List<String> versioned(String... profiles) {
        return Stream.of(profiles).map(profile -> profile + "|1.1.0").toList();
    }

    /** The directory wrote later versions as numbers for years. */
    private void version() {
        int version = appearance.version();
        if (version > 1 && appearance.number() % TEXT_VERSIONS == 0) {
            number("versionId", version);
        } else {
            text("versionId", String.valueOf(version));
        }
    }

    private static String stamp(Instant instant) {
        return STAMP.format(instant.atZone(PARIS));
    }

    private void trace(String system, String authority) {
        array(
                "extension",
                () -> item(() -> {
                    array("extension", () -> {
                        item(() -> url("autorite-enregistrement")
                                .object("valueCodeableConcept", () -> coding(Codes.AUTHORITY, authority)));
                        item(() -> url("systeme-information").text("valueCode", system));
                        LocalDate changed = appearance.changedOn();
                        if (changed != null) {
                            item(() -> url("date-maj-ae").text("valueDate", changed.toString()));
                        }
                    });
                    url(Codes.ANS + "as-ext-data-trace");
                }));
    }

    ResourceOutput url(String url) {
        return text("url", url);
    }

    /** The one coding of a CodeableConcept. */
    ResourceOutput coding(String system, String code) {
        return array("coding", () -> code(system, code));
    }

    /** A Coding in an array. */
    ResourceOutput code(String system, String code) {
        return item(() -> {
            text("system", system).text("code", code);
            String label = labelled ? Vocabulary.label(system, code) : "";
            if (!label.isEmpty()) {
                text("display", label);
            }
        });
    }

    /** A CodeableConcept in an array. */
    ResourceOutput concept(String system, String code) {
        return item(() -> coding(system, code));
    }

    /** An official Identifier in an array. */
    ResourceOutput identifier(String type, String system, String value) {
        return item(() -> text("use", "official")
                .object("type", () -> coding(Codes.IDENTIFIER_TYPE, type))
                .text("system", system)
                .text("value", value));
    }

    /** An Identifier without type in an array. */
    ResourceOutput plainIdentifier(String system, String value) {
        return item(() -> text("system", system).text("value", value));
    }

    ResourceOutput period(String name, String start, String end) {
        return object(name, () -> text("start", start).text("end", end));
    }

    ResourceOutput reference(String name, Kind kind, long number) {
        return reference(name, kind, appearance.reference(kind, number));
    }

    ResourceOutput reference(String name, Kind kind, String id) {
        return object(name, () -> text("reference", kind.type() + "/" + id));
    }

    /** A secure mailbox in {@code telecom}. */
    ResourceOutput mailbox(String kind, String address, boolean digitization) {
        return item(() -> {
            array("extension", () -> {
                item(() -> url(Codes.FR_CORE + "fr-core-contact-point-email-type")
                        .object(
                                "valueCoding",
                                () -> text("system", Codes.MAIL_KIND).text("code", "MSSANTE")));
                item(() -> url(Codes.ANS + "as-ext-mailbox-mss-metadata").array("extension", () -> {
                    item(() -> url("type").object("valueCodeableConcept", () -> coding(Codes.MAILBOX, kind)));
                    item(() -> url("digitization").bool("valueBoolean", digitization));
                }));
            });
            text("system", "email").text("value", address);
        });
    }
}
