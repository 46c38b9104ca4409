package miroir.server.reports;

import java.util.Set;
import java.util.function.Consumer;

/** Active roles that say nowhere where they are. */
final class RolesWithoutPlace implements Check {
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
        batch.active()
                .filter(each -> each.referred("organization", "Organization") == null)
                .forEach(each -> found.accept(new Finding(each, "")));
    }
}
