package miroir.server.reports;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import miroir.index.path.RawValue;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Words;
import org.jspecify.annotations.Nullable;

/**
 * Several active resources of one type with one business identifier.
 *
 * <p>A place has the numbers of its legal entity as well, the SIREN and the FINESS of that; they are not its own.
 *
 * <p>Who else has an identifier is asked for a few hundred at a time, by the index, so that nothing of the directory is in memory but a batch. To group all of it by
 * identifier instead would need memory, or a disk, for twelve million values.
 */
final class SharedIdentifiers implements Check {
    private static final Set<String> OF_ENTITIES = Set.of("SIREN", "FINEJ");
    private static final String LEGAL_ENTITY = "LEGAL-ENTITY";
    private static final int SHOWN = 5;

    /** A holder; what is held is known by its system and value. */
    private record Own(String pair, String value) {}

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
        return DirectoryResource.TYPES;
    }

    @Override
    public long look(Batch batch, Consumer<Finding> found) {
        Map<String, Set<String>> holders = new HashMap<>();
        Set<String> values = new HashSet<>();
        batch.active()
                .forEach(each -> own(batch, each).forEach(own -> {
                    values.add(own.value());
                    holders.computeIfAbsent(own.pair(), same -> new TreeSet<>())
                            .add(each.key().id());
                }));
        batch.elsewhere().withIdentifiers(batch.type(), values, SHOWN + 2, other -> {
            if (other.isActive()) {
                own(batch, other).stream()
                        .map(own -> holders.get(own.pair()))
                        .filter(Objects::nonNull)
                        .forEach(known -> known.add(other.key().id()));
            }
        });
        batch.active()
                .forEach(each -> own(batch, each).forEach(own -> {
                    Set<String> all = holders.getOrDefault(own.pair(), Set.of());
                    if (all.size() > 1) {
                        found.accept(new Finding(each, own.pair() + " = " + others(each, all)));
                    }
                }));
        return batch.active().count();
    }

    private static String others(DirectoryResource resource, Set<String> all) {
        String some = all.stream()
                .filter(id -> !id.equals(resource.key().id()))
                .limit(SHOWN)
                .map(id -> resource.key().type() + "/" + id)
                .collect(Collectors.joining(", "));
        return all.size() > SHOWN + 1 ? some + ", …" : some;
    }

    private static List<Own> own(Batch batch, DirectoryResource resource) {
        boolean isEntity = resource.root().all("type").stream()
                .flatMap(type -> type.all("coding").stream())
                .anyMatch(coding -> LEGAL_ENTITY.equals(coding.text("code")));
        return resource.root().all("identifier").stream()
                .filter(each -> isEntity || !OF_ENTITIES.contains(String.valueOf(DirectoryResource.codeOf(each))))
                .map(each -> own(batch, each))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    private static @Nullable Own own(Batch batch, RawValue identifier) {
        String system = identifier.text("system");
        String value = identifier.text("value");
        return system == null || value == null
                ? null
                : new Own(batch.elsewhere().current(system) + "|" + value, value);
    }
}
