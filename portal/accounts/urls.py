"""The cabinet's pages about people; its first page belongs to the layer that knows what people come for."""

from django.urls import path

from portal.accounts.views import claim, people, security

app_name = "accounts"
urlpatterns = [
    path("claim/", claim.claim, name="claim_start"),
    path("claims/<int:pk>/", claim.claim_made, name="claim"),
    path("claims/<int:pk>/withdraw/", claim.withdraw, name="claim_withdraw"),
    path("people/", people.people_index, name="people_index"),
    path("organisations/<int:pk>/people/", people.people, name="people"),
    path("mandates/<int:pk>/revoke/", people.revoke, name="mandate_revoke"),
    path("invitations/<int:pk>/take-back/", people.take_back, name="invitation_take_back"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("security/", security.security, name="security"),
    path("security/end-sessions/", security.end_sessions, name="end_sessions"),
]
