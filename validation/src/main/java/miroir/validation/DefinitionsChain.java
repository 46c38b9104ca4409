package miroir.validation;

import ca.uhn.fhir.context.support.IValidationSupport;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;

/** HAPI's chain asks for structures one at a time. What is stored is read before, or one whose snapshot takes long would stop everybody. */
@SuppressWarnings("unchecked") // what HAPI itself overrides
final class DefinitionsChain extends ValidationSupportChain {
    private final StoredSupport stored;

    DefinitionsChain(CacheConfiguration caches, StoredSupport stored, List<IValidationSupport> all) {
        super(caches, all);
        this.stored = stored;
    }

    @Override
    public @Nullable IBaseResource fetchStructureDefinition(@Nullable String url) {
        if (url != null) {
            stored.prepare(url);
        }
        return super.fetchStructureDefinition(url);
    }
}
