package miroir.validation;

import java.util.EnumSet;
import org.hl7.fhir.common.hapi.validation.validator.FhirDefaultPolicyAdvisor;
import org.hl7.fhir.r5.model.ElementDefinition;
import org.hl7.fhir.r5.model.StructureDefinition;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.r5.utils.validation.IValidationPolicyAdvisor;

/** Is asked by HAPI at every element whether to look at it, and ends the validation where its thread was interrupted. */
final class StoppingAdvisor extends FhirDefaultPolicyAdvisor {
    @Override
    public EnumSet<IValidationPolicyAdvisor.ElementValidationAction> policyForElement(
            IResourceValidator validator,
            Object appContext,
            StructureDefinition structure,
            ElementDefinition element,
            String path) {
        stopIfInterrupted();
        return super.policyForElement(validator, appContext, structure, element, path);
    }

    static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new Stopped();
        }
    }

    /** An error, since HAPI goes on after exceptions. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the validation was stopped", null, false, false);
        }
    }
}
