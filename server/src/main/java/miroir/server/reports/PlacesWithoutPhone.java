package miroir.server.reports;

import java.util.Set;
import java.util.function.Consumer;

/** Active places that nobody can call. */
final class PlacesWithoutPhone implements Check {
    @Override
    public String code() {
        return "places-without-phone";
    }

    @Override
    public Words title() {
        return new Words("Structures sans téléphone", "Places without a phone");
    }

    @Override
    public Words meaning() {
        return new Words(
                "Une structure active n'a aucun numéro de téléphone.", "An active organization has no phone number.");
    }

    @Override
    public Set<String> types() {
        return Set.of("Organization");
    }

    @Override
    public void look(Batch batch, Consumer<Finding> found) {
        batch.active()
                .filter(each -> each.root().all("telecom").stream()
                        .noneMatch(telecom -> "phone".equals(telecom.text("system")) && telecom.text("value") != null))
                .forEach(each -> found.accept(new Finding(each, "")));
    }
}
