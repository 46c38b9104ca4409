package miroir.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.ReferenceSearch.Criterion;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceSearchParamComponent;
import org.hl7.fhir.r4.model.Resource;

/**
 * Searches that a server advertises, made from values that its resources have, and held against the reference.
 *
 * @param stored what the server has, by type
 */
record RandomSearches(
        DirectoryServer server,
        CapabilityStatement metadata,
        DefinedParameters parameters,
        Map<String, List<Resource>> stored,
        Random random,
        ReferenceSearch reference) {
    /** Display texts are judged by SearchEndToEndTest. */
    private static final String UNJUDGED = "text";

    private static final int PAGES_IN_ORDER = 3;

    private static final Pattern MODIFIERS = Pattern.compile("Modifiers: (:[^.]*)");

    /** Searches on all that a server has now. */
    static RandomSearches on(DirectoryServer server, CapabilityStatement metadata, Random random) throws Exception {
        Set<String> types = metadata.getRestFirstRep().getResource().stream()
                .map(CapabilityStatementRestResourceComponent::getType)
                .collect(Collectors.toSet());
        Map<String, List<Resource>> stored = new LinkedHashMap<>();
        for (String type : types) {
            stored.put(type, server.search("/" + type + "?_count=500"));
        }
        return new RandomSearches(server, metadata, DefinedParameters.load(), stored, random, new ReferenceSearch());
    }

    /** How many resources there are. */
    long size() {
        return stored.values().stream().mapToLong(List::size).sum();
    }

    List<Resource> storedOf(String type) {
        return Objects.requireNonNull(stored.get(type), type);
    }

    QueryWriter queries() {
        return new QueryWriter(random, reference);
    }

    /** How server and reference differ over so many searches. */
    List<String> differences(int searches) throws Exception {
        List<String> types = List.copyOf(stored.keySet());
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < searches; i++) {
            String type = types.get(random.nextInt(types.size()));
            List<Criterion> criteria = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            while (criteria.size() < count) {
                randomCriterion(type, criteria);
            }
            differences.addAll(difference(type, criteria));
        }
        return differences;
    }

    private void randomCriterion(String type, List<Criterion> criteria) {
        CapabilityStatementRestResourceComponent resource = metadata.getRestFirstRep().getResource().stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseThrow();
        var advertised = resource.getSearchParam()
                .get(random.nextInt(resource.getSearchParam().size()));
        DefinedParameter parameter = parameter(type, advertised.getName());
        List<String> modifiers = modifiers(advertised);
        String modifier = random.nextBoolean() ? "" : modifiers.get(random.nextInt(modifiers.size()));
        List<String> values = new ArrayList<>();
        int alternatives = modifier.equals("missing") ? 1 : 1 + random.nextInt(3);
        for (int i = 0; i < alternatives; i++) {
            List<String> some = queries().values(storedOf(type), parameter, modifier);
            if (!some.isEmpty()) {
                values.add(some.get(random.nextInt(some.size())));
            }
        }
        if (!values.isEmpty()) {
            criteria.add(new Criterion(parameter, modifier, values));
        }
    }

    /** Empty where server and reference agree. */
    List<String> difference(String type, List<Criterion> criteria) throws Exception {
        Set<String> expected = storedOf(type).stream()
                .filter(resource -> criteria.stream().allMatch(criterion -> reference.matches(resource, criterion)))
                .map(resource -> resource.getIdElement().getIdPart())
                .collect(Collectors.toCollection(TreeSet::new));
        int count = Math.max(1 + random.nextInt(20), expected.size() / 2);
        String path = "/" + type + "?"
                + criteria.stream().map(QueryWriter::write).collect(Collectors.joining("&")) + "&_count=" + count;
        List<String> found;
        try {
            found = server.idsOf(path);
        } catch (AssertionError refused) {
            return List.of(path + ": " + refused.getMessage());
        }
        Set<String> distinct = new TreeSet<>(found);
        if (distinct.size() == found.size() && distinct.equals(expected)) {
            return List.of();
        }
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(distinct);
        distinct.removeAll(expected);
        return List.of(path + ": found " + found.size() + " of " + expected.size() + "; not found "
                + missing.stream().limit(3).toList() + "; found too much "
                + distinct.stream().limit(3).toList());
    }

    /** Empty where all resources of a type come in the order of a parameter. */
    List<String> differenceInOrder(String type, DefinedParameter parameter, boolean descending) throws Exception {
        List<Resource> stored = storedOf(type);
        int count = (stored.size() + PAGES_IN_ORDER - 1) / PAGES_IN_ORDER + random.nextInt(stored.size());
        String path = "/" + type + "?_sort=" + (descending ? "-" : "") + parameter.code() + "&_count=" + count;
        List<String> found = server.idsOf(path);
        Map<String, Resource> byId = stored.stream()
                .collect(Collectors.toMap(resource -> resource.getIdElement().getIdPart(), resource -> resource));
        List<Resource> inOrder =
                found.stream().map(byId::get).filter(Objects::nonNull).toList();
        return inOrder.size() == stored.size()
                        && found.size() == stored.size()
                        && new ReferenceOrder(reference, parameter, descending).isKept(inOrder)
                ? List.of()
                : List.of(path + ": " + found.size() + " of " + stored.size() + ", in another order than "
                        + inOrder.stream()
                                .limit(5)
                                .map(each -> each.getIdElement().getIdPart())
                                .toList());
    }

    DefinedParameter parameter(String type, String name) {
        return parameters
                .find(type, name)
                .orElseThrow(() -> new AssertionError("no definition of " + type + "." + name));
    }

    /** Whether a modifier says what a reference is to. */
    static boolean isType(String modifier) {
        return !modifier.isEmpty() && Character.isUpperCase(modifier.charAt(0));
    }

    /** None first, then those that the documentation names. */
    static List<String> modifiers(CapabilityStatementRestResourceSearchParamComponent advertised) {
        List<String> modifiers = new ArrayList<>(List.of(""));
        Matcher matcher = MODIFIERS.matcher(advertised.getDocumentation());
        if (matcher.find()) {
            Stream.of(matcher.group(1).split(", ", -1))
                    .map(modifier -> modifier.strip().substring(1))
                    .filter(modifier -> !modifier.equals(UNJUDGED))
                    .forEach(modifiers::add);
        }
        return modifiers;
    }
}
