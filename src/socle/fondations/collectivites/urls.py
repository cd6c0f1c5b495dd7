app_name = "collectivites"
urlpatterns: list[object] = []
