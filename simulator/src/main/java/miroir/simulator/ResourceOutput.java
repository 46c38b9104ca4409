package miroir.simulator;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.bson.BsonBinaryWriter;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;

/** Writes one resource in the directory's idiom, element by element in the order of the real one. */
final class ResourceOutput {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

    /** 2025-04-28T18:00:00+02:00, when the second version of the real directory was loaded. */
    private static final long FIRST_LOAD = 1_745_856_000L;

    private final BasicOutputBuffer buffer = new BasicOutputBuffer(4096);
    private final BsonBinaryWriter writer = new BsonBinaryWriter(buffer);

    ResourceOutput(Kind kind, String id) {
        writer.writeStartDocument();
        text("resourceType", kind.type());
        text("id", id);
    }

    /** The finished resource. */
    RawBsonDocument end() {
        writer.writeEndDocument();
        writer.flush();
        return new RawBsonDocument(buffer.toByteArray());
    }

    ResourceOutput text(String name, String value) {
        writer.writeString(name, value);
        return this;
    }

    ResourceOutput bool(String name, boolean value) {
        writer.writeBoolean(name, value);
        return this;
    }

    ResourceOutput number(String name, int value) {
        writer.writeInt32(name, value);
        return this;
    }

    ResourceOutput texts(String name, Iterable<String> values) {
        writer.writeStartArray(name);
        values.forEach(writer::writeString);
        writer.writeEndArray();
        return this;
    }

    ResourceOutput array(String name, Runnable items) {
        writer.writeStartArray(name);
        items.run();
        writer.writeEndArray();
        return this;
    }

    ResourceOutput object(String name, Runnable elements) {
        writer.writeStartDocument(name);
        elements.run();
        writer.writeEndDocument();
        return this;
    }

    /** An object in an array. */
    ResourceOutput item(Runnable elements) {
        writer.writeStartDocument();
        elements.run();
        writer.writeEndDocument();
        return this;
    }

    /** A null in an array, as the real directory has in {@code address.line}. */
    ResourceOutput nothing() {
        writer.writeNull();
        return this;
    }

    /**
     * {@code meta}: loads happen at a few hours of a few days, so the stamps cluster; nearly all resources are in
     * their first version.
     */
    ResourceOutput meta(Dice dice, String system, String authority, String... profiles) {
        int day = dice.chance(80) ? 0 : 1 + dice.below(570);
        long second = FIRST_LOAD + 86_400L * day + dice.below(5400);
        String stamp = STAMP.format(
                Instant.ofEpochSecond(second, 1_000_000L * dice.below(1000)).atZone(PARIS));
        return object("meta", () -> {
            trace(system, authority);
            text("versionId", day == 0 ? "1" : "2").text("lastUpdated", stamp);
            text("source", "https://annuaire.sante.fr").texts("profile", List.of(profiles));
        });
    }

    private void trace(String system, String authority) {
        array(
                "extension",
                () -> item(() -> {
                    array("extension", () -> {
                        item(() -> url("autorite-enregistrement")
                                .object("valueCodeableConcept", () -> coding(Codes.AUTHORITY, authority)));
                        item(() -> url("systeme-information").text("valueCode", system));
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
        return item(() -> text("system", system).text("code", code));
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
