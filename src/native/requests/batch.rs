//! What a client sends to `/batch`, as the OpenAPI document describes it; `wire::batch` reads it.

#![expect(dead_code, reason = "described here, read in native/wire")]

use utoipa::ToSchema;
use uuid::Uuid;

use crate::native::requests::{AmendmentBody, NewOrderBody, ReplacementBody};

/// One of several requests: exactly one of these.
#[derive(ToSchema)]
#[schema(as = BatchItem)]
pub(crate) struct BatchItemBody {
    /// As `POST /orders` takes it.
    place: Option<NewOrderBody>,
    /// As `PATCH /orders/{id}` takes it, and the id.
    amend: Option<BatchAmendmentBody>,
    /// As `POST /orders/{id}/replace` takes it, and the id.
    replace: Option<BatchReplacementBody>,
    /// As `DELETE /orders/{id}`: the id.
    cancel: Option<BatchCancelBody>,
}

/// What an amendment among several says.
#[derive(ToSchema)]
#[schema(as = BatchAmendment)]
pub(crate) struct BatchAmendmentBody {
    /// Which order.
    id: Uuid,
    #[serde(flatten)]
    amendment: AmendmentBody,
}

/// What a replacement among several says.
#[derive(ToSchema)]
#[schema(as = BatchReplacement)]
pub(crate) struct BatchReplacementBody {
    /// Which order.
    id: Uuid,
    #[serde(flatten)]
    replacement: ReplacementBody,
}

/// Which order is to be cancelled among several requests.
#[derive(ToSchema)]
#[schema(as = BatchCancel)]
pub(crate) struct BatchCancelBody {
    /// Which order.
    id: Uuid,
}
