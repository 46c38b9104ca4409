package miroir.server.reports;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import miroir.index.path.RawValue;

/** Active roles that say nowhere where they are. */
final class RolesWithoutPlace implements Check {
    private static final List<String> NAMING = List.of("reference", "identifier", "display");

    @Override
    public String code() {
        return "roles-without-place";
    }

    @Override
    public Words title() {
        return new Words("Situations d'exercice sans lieu", "Roles without a place");
    }

    @Override
    public Words meaning() {
        return new Words(
                "Une situation d'exercice active ne désigne aucune structure.",
                "An active role names no organization.");
    }

    @Override
    public Set<String> types() {
        return Set.of("PractitionerRole");
    }

    @Override
    public void look(Batch batch, Consumer<Finding> found) {
        batch.active().filter(each -> !namesPlace(each)).forEach(each -> found.accept(new Finding(each, "")));
    }

    /** By whatever a reference may name something. */
    private static boolean namesPlace(DirectoryResource role) {
        RawValue organization = role.root().get("organization");
        return organization != null && NAMING.stream().anyMatch(name -> organization.get(name) != null);
    }
}
