package miroir.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

/** The made-up directory against figures that were observed of the real one. */
class ShapeTest {
    private static final Directory DIRECTORY = new Directory(20, 3000);
    private static final List<RawBsonDocument> PRACTITIONERS = all(Kind.PRACTITIONER);
    private static final List<RawBsonDocument> ROLES = all(Kind.PRACTITIONER_ROLE);
    private static final List<RawBsonDocument> ORGANIZATIONS = all(Kind.ORGANIZATION);

    /** 1,953,750 practitioners, 2,005,375 roles, 1,993,189 organizations. */
    @Test
    void sizes_ofTypes_haveTheRatiosOfTheRealOnes() {
        assertThat((double) ROLES.size() / PRACTITIONERS.size()).isBetween(1.02, 1.04);
        assertThat((double) ORGANIZATIONS.size() / PRACTITIONERS.size()).isBetween(1.01, 1.03);
    }

    /** Of those with a role: 85.6 % one, 12.2 % two, 2.1 % more. */
    @Test
    void roles_ofOnePractitioner_areAsManyAsInReality() {
        Map<String, Integer> counts = new HashMap<>();
        ROLES.forEach(role -> counts.merge(reference(role, "practitioner"), 1, Integer::sum));

        assertThat(share(counts.values(), count -> count == 1)).isBetween(0.80, 0.90);
        assertThat(share(counts.values(), count -> count == 2)).isBetween(0.10, 0.16);
        assertThat(share(counts.values(), count -> count > 2)).isBetween(0.01, 0.04);
    }

    /** 535,000 mailboxes for six million resources; 455,471 of them personal. */
    @Test
    void mailboxes_ofPractitioners_areForAQuarter() {
        assertThat(share(PRACTITIONERS, has("telecom"))).isBetween(0.20, 0.30);
    }

    /** 23.7 % of workplaces have no address, a quarter has a phone. */
    @Test
    void practices_addressesAndPhones_areAsRareAsInReality() {
        List<RawBsonDocument> practices = ORGANIZATIONS.stream()
                .filter(one -> one.toJson().contains("rppsrang") && active(one))
                .toList();

        assertThat(share(practices, has("address"))).isBetween(0.72, 0.80);
        assertThat(share(practices, has("telecom"))).isBetween(0.23, 0.31);
    }

    @Test
    void establishments_all_arePartOfALegalEntity() {
        Set<String> entities = new HashSet<>();
        ORGANIZATIONS.stream()
                .filter(one -> one.toJson().contains("FINEJ"))
                .forEach(one ->
                        entities.add("Organization/" + one.getString("id").getValue()));

        assertThat(ORGANIZATIONS)
                .filteredOn(one -> one.toJson().contains("FINEG") && active(one))
                .allMatch(one -> entities.contains(reference(one, "partOf")))
                .hasSizeGreaterThan(entities.size());
    }

    @Test
    void professions_all_occur() {
        assertThat(Stream.of(Profession.values()))
                .allMatch(profession -> PRACTITIONERS.stream()
                        .anyMatch(one -> one.toJson().contains(profession.system)
                                && one.toJson().contains("\"" + profession.code + "\"")));
    }

    /** Those that clients stumble over. */
    @Test
    void flaws_ofTheRealOne_occurInEach() {
        List<String> texts = Stream.of(PRACTITIONERS, ROLES, ORGANIZATIONS)
                .flatMap(List::stream)
                .map(RawBsonDocument::toJson)
                .toList();

        assertThat(List.of(
                        "\"line\": [null]",
                        "\"display\"",
                        "|1.1.0\"",
                        "https://annuaire.esante.gouv.fr",
                        "CABINET  ",
                        "Organization/001-01-9",
                        "\"INTRN\"",
                        "\"RPPSRG\"",
                        "R95-UsagerTitre",
                        "R94-ProfessionSocial",
                        "R291-AutreProfession",
                        "75014 PARIS"))
                .allMatch(flaw -> texts.stream().anyMatch(text -> text.contains(flaw)));
        assertThat(share(ROLES, has("organization").negate())).isBetween(0.01, 0.08);
        assertThat(share(PRACTITIONERS, one -> active(one) && !one.containsKey("name")))
                .isBetween(0.002, 0.02);
    }

    @Test
    void codes_all_areOfTheNomenclatures() {
        Set<String> unknown = new HashSet<>();
        for (Kind kind : Kind.values()) {
            all(kind)
                    .forEach(resource -> codings(resource, coding -> {
                        String system = coding.getString("system").getValue();
                        String code = coding.getString("code").getValue();
                        if (Vocabulary.label(system, code).isEmpty() && !system.equals(Codes.COMMUNE)) {
                            unknown.add(system + "|" + code);
                        }
                    }));
        }
        assertThat(unknown).isEmpty();
    }

    private static void codings(BsonValue value, Consumer<BsonDocument> found) {
        if (value instanceof BsonArray array) {
            array.forEach(item -> codings(item, found));
        } else if (value instanceof BsonDocument element) {
            if (element.containsKey("system") && element.containsKey("code")) {
                found.accept(element);
            }
            element.values().forEach(item -> codings(item, found));
        }
    }

    private static List<RawBsonDocument> all(Kind kind) {
        return DIRECTORY.resources(kind).toList();
    }

    private static Predicate<RawBsonDocument> has(String element) {
        return resource -> resource.containsKey(element);
    }

    private static boolean active(RawBsonDocument resource) {
        return resource.getBoolean("active").getValue();
    }

    private static String reference(RawBsonDocument resource, String name) {
        return resource.getDocument(name).getString("reference").getValue();
    }

    private static <T> double share(Iterable<T> of, Predicate<? super T> which) {
        List<T> all = new ArrayList<>();
        of.forEach(all::add);
        return (double) all.stream().filter(which).count() / all.size();
    }
}
