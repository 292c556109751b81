// Calls every method of the official SDK for Contacts V4 against the server that is the first argument:
// node drive.mjs http://127.0.0.1:8484
//
// Prints one line of JSON per call: what was called, and what came of it. sdk_test.go makes the same calls in the same order.
import { attachments, contacts, extendedFields, labels, submittedContact } from '@wix/crm';
import { connect, plainFetch } from './sdk.mjs';

const call = connect(process.argv[2], { contacts, labels, extendedFields, attachments, submittedContact });

const name = (first, last) => ({ first, last });
const phones = (...items) => ({ items });

// Labels.
const { label } = await call('labels', 'findOrCreateLabel', 'Regular guest', { language: 'en' });
await call('labels', 'getLabel', label.key, { language: 'en' });
await call('labels', 'renameLabel', label.key, { displayName: 'Guest of honour' }, { language: 'en' });
await call('labels', 'listLabels', {
  labelType: 'USER_DEFINED', namespace: 'custom', startsWith: 'Guest', sort: { fieldName: 'displayName', order: 'DESC' }, paging: { limit: 10, offset: 0 }, language: 'en',
});
await call('labels', 'queryLabels', { filter: { key: label.key }, sort: [{ fieldName: 'displayName', order: 'ASC' }], paging: { limit: 5, offset: 0 } }, { language: 'en' });

// Extended fields.
const { field } = await call('extendedFields', 'findOrCreateExtendedField', 'Shoe size', 'NUMBER');
await call('extendedFields', 'getExtendedField', field.key);
await call('extendedFields', 'renameExtendedField', field.key, { displayName: 'Size of shoes' });
await call('extendedFields', 'listExtendedFields', {
  fieldType: 'USER_DEFINED', namespace: 'custom', startsWith: 'Size', sort: { fieldName: 'displayName', order: 'ASC' }, paging: { limit: 10, offset: 0 },
});
await call('extendedFields', 'queryExtendedFields', { filter: { fieldType: 'USER_DEFINED' }, sort: [{ fieldName: 'displayName', order: 'ASC' }], paging: { limit: 5, offset: 0 } });

// Contacts, one at a time.
const { contact: ada } = await call('contacts', 'createContact', {
  name: name('Ada', 'Example'),
  emails: { items: [{ email: 'ada@example.com', tag: 'MAIN', primary: true }, { email: 'ada@work.example.com', tag: 'WORK' }] },
  phones: phones({ phone: '207-555-0100', countryCode: 'US', tag: 'MOBILE' }),
  addresses: { items: [{ tag: 'HOME', address: { streetAddress: { number: '1', name: 'Example Street' }, country: 'US', subdivision: 'US-ME', city: 'Sampleton', postalCode: '04000' } }] },
  company: 'Example Works',
  jobTitle: 'Analyst',
  birthdate: '1990-12-10',
  locale: 'en-US',
  labelKeys: { items: [label.key] },
  extendedFields: { items: { [field.key]: 39 } },
}, { allowDuplicates: true });
await call('contacts', 'getContact', ada._id, { fields: ['info.name', 'info.phones'], fieldsets: ['BASIC'] });
await call('contacts', 'getContact', ada._id);
await call('contacts', 'updateContact', ada._id, {
  company: 'Other Works', phones: phones({ phone: '207-555-0100', countryCode: 'US', tag: 'MOBILE' }, { phone: '207-555-0101', countryCode: 'US', tag: 'HOME' }),
}, ada.revision, { allowDuplicates: false });
await call('contacts', 'updateContact', ada._id, { company: 'Lost Works' }, ada.revision); // fails: the revision has moved on
await call('contacts', 'labelContact', ada._id, ['contacts.customers', 'contacts.contacted-me']);
const { contact: unlabelled } = await call('contacts', 'unlabelContact', ada._id, ['contacts.customers', 'contacts.contacted-me']);

// Two more, to be merged, listed and changed in bulk.
const { contact: grace } = await call('contacts', 'createContact', { name: name('Grace', 'Example'), emails: { items: [{ email: 'grace@example.com' }] } });
await call('contacts', 'createContact', { name: name('Linus', 'Example'), phones: phones({ phone: '207-555-0102', countryCode: 'US' }) }, { allowDuplicates: false });
await call('contacts', 'createContact', { name: name('Ada', 'Twice'), emails: { items: [{ email: 'ada@example.com' }] } }); // fails: it is a duplicate
await call('contacts', 'listContacts', {
  sort: { fieldName: 'info.name.first', order: 'DESC' }, paging: { limit: 2, offset: 1 }, fields: ['info.name', 'info.emails'], fieldsets: ['BASIC', 'COMMUNICATION_DETAILS'],
});
await call('contacts', 'queryContacts', {
  filter: { $or: [{ 'info.name.first': { $startsWith: 'Gr' } }, { 'primaryInfo.email': 'ada@example.com' }] },
  sort: [{ fieldName: 'info.name.first', order: 'ASC' }], paging: { limit: 10, offset: 0 }, fields: ['info.name'], fieldsets: ['BASIC'],
}, { search: 'Example' });
await call('contacts', 'listFacets', { paging: { limit: 10, offset: 0 }, language: 'en' });
await call('contacts', 'queryFacets', { paging: { limit: 10, offset: 0 }, language: 'en', filter: { 'info.extendedFields.emailSubscriptions.subscriptionStatus': { $ne: 'PENDING' } } });
await call('contacts', 'previewMergeContacts', ada._id, { sourceContactIds: [grace._id] });
await call('contacts', 'mergeContacts', ada._id, unlabelled.revision, { sourceContactIds: [grace._id] });
await call('contacts', 'getContact', grace._id); // has been merged: its target answers
await call('contacts', 'bulkUpdateContacts', { filter: { 'info.name.first': 'Linus' }, info: { company: 'Bulk Works' } });
await call('contacts', 'bulkLabelAndUnlabelContacts', { filter: { 'info.name.first': 'Linus' }, labelKeysToAdd: ['contacts.customers'], labelKeysToRemove: ['contacts.contacted-me'] });
await call('contacts', 'bulkDeleteContacts', { search: 'Linus' });

// Attachments. The upload itself is no method of the API.
const { uploadUrl } = await call('attachments', 'generateAttachmentUploadUrl', ada._id, 'notes.pdf', { mimeType: 'application/pdf' });
await plainFetch(uploadUrl, { method: 'PUT', body: 'notes' });
const { attachments: [file] } = await call('attachments', 'listAttachments', ada._id, { paging: { limit: 10, offset: 0 } });
await call('attachments', 'getAttachment', { contactId: ada._id, attachmentId: file._id });
await call('attachments', 'deleteAttachment', { contactId: ada._id, attachmentId: file._id });

// Submissions: a new contact, and one that is there.
const { contactId } = await call('submittedContact', 'appendOrCreateContact', { info: { name: name('Edsger', 'Example'), emails: { items: [{ email: 'edsger@example.com' }] } }, passThroughData: 'form' });
await call('submittedContact', 'appendOrCreateContact', { contactId, info: { phones: phones({ phone: '207-555-0103', countryCode: 'US' }) } });

// What was made goes.
await call('contacts', 'deleteContact', contactId);
await call('labels', 'deleteLabel', label.key);
await call('extendedFields', 'deleteExtendedField', field.key);
