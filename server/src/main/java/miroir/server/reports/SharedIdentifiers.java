package miroir.server.reports;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/**
 * Several active resources of one type with one business identifier. A place may have the numbers of the entity that it is part of: those are not
 * its own.
 */
final class SharedIdentifiers implements Check {
    private static final Set<String> OF_ENTITIES = Set.of("SIREN", "FINEJ");
    private static final int SHOWN = 5;

    @Override
    public String code() {
        return "shared-identifiers";
    }

    @Override
    public Words title() {
        return new Words("Identifiants partagés", "Shared identifiers");
    }

    @Override
    public Words meaning() {
        return new Words(
                "Plusieurs ressources actives portent le même identifiant métier (RPPS, FINESS, SIRET, IDNST…).",
                "Several active resources have the same business identifier (RPPS, FINESS, SIRET, IDNST…).");
    }

    @Override
    public Set<String> types() {
        return new TreeSet<>(Set.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device"));
    }

    @Override
    public void look(Batch batch, Consumer<Finding> found) {
        Map<String, Map<String, DirectoryResource>> holders = new HashMap<>();
        batch.active()
                .forEach(each -> own(each)
                        .forEach(pair -> holders.computeIfAbsent(pair, same -> new LinkedHashMap<>())
                                .put(each.key().id(), each)));
        batch.elsewhere().withIdentifiers(batch.type(), holders.keySet(), other -> {
            if (other.isActive()) {
                own(other).stream()
                        .map(holders::get)
                        .filter(Objects::nonNull)
                        .forEach(known -> known.putIfAbsent(other.key().id(), other));
            }
        });
        batch.active()
                .forEach(each -> own(each).forEach(pair -> {
                    Set<String> others =
                            new TreeSet<>(holders.getOrDefault(pair, Map.of()).keySet());
                    others.remove(each.key().id());
                    if (!others.isEmpty()) {
                        found.accept(new Finding(each, pair + " = " + shown(batch.type(), others)));
                    }
                }));
    }

    private static String shown(String type, Set<String> others) {
        String some = others.stream().limit(SHOWN).map(id -> type + "/" + id).collect(Collectors.joining(", "));
        return others.size() > SHOWN ? some + " (" + others.size() + ")" : some;
    }

    private static List<String> own(DirectoryResource resource) {
        boolean isPart = resource.root().get("partOf") != null;
        return resource.root().all("identifier").stream()
                .filter(each -> !isPart || !OF_ENTITIES.contains(String.valueOf(DirectoryResource.codeOf(each))))
                .map(SharedIdentifiers::pair)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static @Nullable String pair(RawValue identifier) {
        String system = identifier.text("system");
        String value = identifier.text("value");
        return system == null || value == null ? null : system + "|" + value;
    }
}
