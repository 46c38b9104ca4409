package miroir.server.walks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A search that walks ask, and what it means, said a second time without any index.
 *
 * @param type empty: several
 * @param where its parameters
 * @param meets whether a resource matches in a state of the store
 */
record Question(String type, String where, BiPredicate<Document, State> meets, List<Sorting> sorted) {

    /** What it is sorted by. */
    record Sorting(String parameter, String element, boolean descending) {
        /** What lacks the element comes last. */
        Comparator<Document> comparator() {
            Comparator<String> values = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
            return Comparator.comparing(resource -> element(resource), Comparator.nullsLast(values));
        }

        private @Nullable String element(Document resource) {
            if (element.equals("family")) {
                List<Document> names = resource.getList("name", Document.class, List.of());
                return names.isEmpty() ? null : names.get(0).getString("family");
            }
            if (element.equals("lastUpdated")) {
                return resource.get("meta", Document.class).getString(element);
            }
            if (element.equals("practitioner")) {
                return resource.get(element, Document.class).getString("reference");
            }
            Object value = resource.get(element);
            return value == null ? null : value.toString();
        }

        @Override
        public String toString() {
            return (descending ? "-" : "") + parameter;
        }
    }

    static Question random(Random random) {
        Question asked = switch (random.nextInt(8)) {
            case 0, 1 ->
                new Question("PractitionerRole", "practitioner.gender=female", Question::isOfAWoman, List.of());
            case 2 -> ofBoth(random);
            default -> ofPractitioners(random);
        };
        return new Question(asked.type, asked.where, asked.meets, sorting(asked.type, random));
    }

    private static Question ofBoth(Random random) {
        String types = "_type=PractitionerRole,Practitioner";
        return random.nextBoolean()
                ? new Question("", types, (resource, state) -> true, List.of())
                : new Question(
                        "",
                        types + "&active=true",
                        (resource, state) -> Boolean.TRUE.equals(resource.get("active")),
                        List.of());
    }

    boolean isAbout(Document resource) {
        return type.isEmpty() || type.equals(resource.getString("resourceType"));
    }

    private static Question ofPractitioners(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> practitioners("", resource -> true);
            case 1 -> practitioners("active=true", resource -> Boolean.TRUE.equals(resource.get("active")));
            case 2 -> practitioners("gender=female", resource -> "female".equals(resource.get("gender")));
            case 3 -> practitioners("gender:not=female", resource -> !"female".equals(resource.get("gender")));
            case 4 -> practitioners("family=ma", resource -> family(resource).startsWith("ma"));
            default ->
                practitioners(
                        "active=true&gender=male",
                        resource ->
                                Boolean.TRUE.equals(resource.get("active")) && "male".equals(resource.get("gender")));
        };
    }

    private static Question practitioners(String where, Predicate<Document> meets) {
        return new Question("Practitioner", where, (resource, state) -> meets.test(resource), List.of());
    }

    private static boolean isOfAWoman(Document role, State state) {
        Document practitioner =
                state.find(role.get("practitioner", Document.class).getString("reference"));
        return practitioner != null && "female".equals(practitioner.get("gender"));
    }

    private static String family(Document resource) {
        List<Document> names = resource.getList("name", Document.class, List.of());
        return names.isEmpty() ? "" : names.get(0).getString("family");
    }

    private static List<Sorting> sorting(String type, Random random) {
        List<Sorting> all = new ArrayList<>(List.of(
                new Sorting("_lastUpdated", "lastUpdated", random.nextBoolean()),
                new Sorting("_id", "id", random.nextBoolean())));
        if (!type.isEmpty()) {
            all.add(new Sorting("active", "active", random.nextBoolean()));
        }
        if (type.equals("Practitioner")) {
            all.add(new Sorting("family", "family", random.nextBoolean()));
            all.add(new Sorting("family", "family", random.nextBoolean()));
            all.add(new Sorting("gender", "gender", random.nextBoolean()));
        }
        if (type.equals("PractitionerRole")) {
            all.add(new Sorting("practitioner", "practitioner", random.nextBoolean()));
        }
        Collections.shuffle(all, random);
        return all.stream().limit(random.nextInt(3)).distinct().toList();
    }

    /** The parameters, with how many resources a page has. */
    String query(int count, boolean counted) {
        String sort = sorted.isEmpty()
                ? ""
                : "_sort="
                        + String.join(
                                ",", sorted.stream().map(Sorting::toString).toList());
        return Stream.of(where, sort, "_count=" + count, counted ? "_total=accurate" : "")
                .filter(part -> !part.isEmpty())
                .reduce((one, other) -> one + "&" + other)
                .orElseThrow();
    }

    /** Whether these come in the order that was asked for; what has the same keys may come in any. */
    boolean isInOrder(List<Document> resources) {
        return sorted.stream()
                .map(Sorting::comparator)
                .reduce(Comparator::thenComparing)
                .map(order -> resources.stream().sorted(order).toList().equals(resources))
                .orElse(true);
    }
}
