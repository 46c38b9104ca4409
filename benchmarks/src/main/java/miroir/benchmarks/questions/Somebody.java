package miroir.benchmarks.questions;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Somebody at work: what a question is about, so that it has an answer.
 *
 * @param id of the practitioner
 * @param identifier of the practitioner, a system and a value
 * @param family of the practitioner
 * @param qualification a specialty of the practitioner
 * @param role the code of the role that says most: what somebody does there
 * @param place its name
 * @param postalCode of the place; there are some forty
 */
public record Somebody(
        String id,
        String identifier,
        String family,
        String given,
        String qualification,
        String role,
        String place,
        String postalCode) {

    /** What the codes of specialties begin with. */
    private static final String SPECIALTIES = "SM";

    private static final long DRAWN_PER_FOUND = 1_000;

    /** So many, the same every time. */
    public static List<Somebody> some(Directory directory, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Somebody> some = Stream.generate(() -> random.nextLong(directory.size(Kind.PRACTITIONER_ROLE)))
                .limit(DRAWN_PER_FOUND * count)
                .flatMap(role -> of(directory, directory.resource(Kind.PRACTITIONER_ROLE, role)))
                .limit(count)
                .toList();
        if (some.size() < count) {
            throw new IllegalArgumentException("the directory is too small for " + count + " people");
        }
        return some;
    }

    private static Stream<Somebody> of(Directory directory, BsonDocument role) {
        BsonDocument practitioner = referred(directory, role, "practitioner", Kind.PRACTITIONER);
        return of(practitioner, referred(directory, role, "organization", Kind.ORGANIZATION), role)
                .filter(each -> !each.qualification.isEmpty());
    }

    /** Nobody where something is not said, as of a role that has ended or a place that is gone; whether there is a specialty does not matter. */
    public static Stream<Somebody> of(BsonDocument practitioner, BsonDocument place, BsonDocument role) {
        BsonDocument name = first(practitioner, "name");
        BsonDocument identifier = first(practitioner, "identifier");
        String given = name.getArray("given", new BsonArray()).stream()
                .map(each -> each.asString().getValue())
                .findFirst()
                .orElse("");
        Somebody somebody = new Somebody(
                text(practitioner, "id"),
                text(identifier, "system") + "|" + text(identifier, "value"),
                text(name, "family"),
                given,
                specialty(practitioner),
                code(last(role, "code")),
                text(place, "name"),
                text(first(place, "address"), "postalCode"));
        return somebody.isWhole() ? Stream.of(somebody) : Stream.of();
    }

    private boolean isWhole() {
        return !identifier.endsWith("|")
                && Stream.of(id, family, given, role, place, postalCode).noneMatch(String::isEmpty);
    }

    private static BsonDocument referred(Directory directory, BsonDocument role, String element, Kind kind) {
        String reference = text(role.getDocument(element, new BsonDocument()), "reference");
        long number =
                reference.isEmpty() ? -1 : directory.numberOf(kind, reference.substring(reference.indexOf('/') + 1));
        return number < 0 ? new BsonDocument() : directory.resource(kind, number);
    }

    private static String specialty(BsonDocument practitioner) {
        return practitioner.getArray("qualification", new BsonArray()).stream()
                .map(each -> each.asDocument().getDocument("code", new BsonDocument()))
                .flatMap(concept -> concept.getArray("coding", new BsonArray()).stream())
                .map(coding -> text(coding.asDocument(), "code"))
                .filter(code -> code.startsWith(SPECIALTIES))
                .findFirst()
                .orElse("");
    }

    private static String code(BsonDocument concept) {
        return text(first(concept, "coding"), "code");
    }

    private static BsonDocument first(BsonDocument from, String element) {
        BsonArray all = from.getArray(element, new BsonArray());
        return all.isEmpty() ? new BsonDocument() : all.get(0).asDocument();
    }

    private static BsonDocument last(BsonDocument from, String element) {
        BsonArray all = from.getArray(element, new BsonArray());
        return all.isEmpty() ? new BsonDocument() : all.get(all.size() - 1).asDocument();
    }

    private static String text(BsonDocument from, String element) {
        BsonValue value = from.get(element);
        return value == null ? "" : value.asString().getValue();
    }
}
