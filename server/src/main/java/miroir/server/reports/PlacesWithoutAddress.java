package miroir.server.reports;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import miroir.index.path.RawValue;

/** Active places of which nobody can tell where they are. */
final class PlacesWithoutAddress implements Check {
    private static final List<String> TELLING = List.of("city", "postalCode", "line", "_line", "text");

    @Override
    public String code() {
        return "places-without-address";
    }

    @Override
    public Words title() {
        return new Words("Structures sans adresse", "Places without an address");
    }

    @Override
    public Words meaning() {
        return new Words(
                "Une structure active n'a ni ville, ni code postal, ni voie.",
                "An active organization has neither a town nor a postal code nor a street.");
    }

    @Override
    public Set<String> types() {
        return Set.of("Organization");
    }

    @Override
    public void look(Batch batch, Consumer<Finding> found) {
        batch.active()
                .filter(each -> each.root().all("address").stream().noneMatch(PlacesWithoutAddress::tellsSomething))
                .forEach(each -> found.accept(new Finding(each, "")));
    }

    private static boolean tellsSomething(RawValue address) {
        return TELLING.stream().anyMatch(name -> !address.all(name).isEmpty());
    }
}
