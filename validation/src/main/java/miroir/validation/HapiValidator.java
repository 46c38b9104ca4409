package miroir.validation;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import miroir.server.validation.Finding;
import miroir.server.validation.ResourceValidator;
import miroir.server.validation.StoredDefinitions;
import org.jspecify.annotations.Nullable;

/**
 * HAPI's validator with the definitions of R4, those of packages, and those that are stored in the server. Nothing is fetched from anywhere: what none
 * of them has is not known, and a code of a system that is not known is a warning.
 *
 * <p>The problem: stored definitions change at any time, through any server, and HAPI keeps what it has made of definitions, in several
 * places and for good. They may be large, wrong or circular, as whoever may write likes.
 *
 * <p>The approach: before each validation the store is asked whether any definition has changed since those that were used so far were read; mostly
 * not one has, and an index tells. Where one has, everything that was made of definitions is dropped and made anew, but for the models of R4 and of
 * packages, which never change. The same is done where so many were read that there is no room for more. What was begun before goes on with what it
 * had. A definition that cannot be used is none, and the outcome says so.
 *
 * <p>The cost: a look for each validation, and after a change one that takes longer. To find out which of HAPI's results depend on
 * what has changed would save that, and is not to be had from outside.
 */
final class HapiValidator implements ResourceValidator {
    private final FhirContext context;
    private final DefaultProfileValidationSupport ofFhir;
    private final PackageDefinitions ofPackages;
    private final StoredDefinitions stored;
    private final int most;

    private volatile @Nullable Definitions current;

    private HapiValidator(
            FhirContext context,
            DefaultProfileValidationSupport ofFhir,
            PackageDefinitions ofPackages,
            StoredDefinitions stored,
            int most) {
        this.context = context;
        this.ofFhir = ofFhir;
        this.ofPackages = ofPackages;
        this.stored = stored;
        this.most = most;
    }

    static HapiValidator with(List<Path> packages, StoredDefinitions stored, int most) {
        FhirContext context = FhirContext.forR4();
        return new HapiValidator(
                context,
                new DefaultProfileValidationSupport(context),
                PackageDefinitions.read(context, packages),
                most == 0 ? StoredDefinitions.none() : stored,
                most);
    }

    @Override
    public Set<String> profiles() {
        return ofPackages.profiles();
    }

    @Override
    public List<Finding> findings(byte[] json, List<String> profiles) {
        String resource = new String(json, StandardCharsets.UTF_8);
        Definitions definitions = current();
        List<Finding> findings = definitions.findings(resource, profiles);
        return definitions.isFull() && definitions.uses() > 1 ? current().findings(resource, profiles) : findings;
    }

    /** The store is asked by each for himself: nobody waits for the look of somebody else. */
    private Definitions current() {
        while (true) {
            Definitions before = current;
            if (before != null && !before.isFull() && stored.isUnchangedSince(before.present())) {
                return before;
            }
            Definitions fresh = new Definitions(
                    stored.present(),
                    ofPackages.profiles(),
                    context,
                    List.of(ofFhir, ofPackages.support()),
                    stored,
                    most);
            if (replace(before, fresh)) {
                return fresh;
            }
        }
    }

    /** False where somebody else has, maybe by some that are too old as well. */
    private synchronized boolean replace(@Nullable Definitions before, Definitions fresh) {
        boolean isBefore = current == before;
        if (isBefore) {
            current = fresh;
        }
        return isBefore;
    }
}
